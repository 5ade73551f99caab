import { expect } from '@playwright/test'
import { freePort } from '../../../../scripts/lib/free-port.ts'
import { servePassageClients } from '../src/passage-clients-page.ts'
import {
  answer,
  elementsTest as test,
  forget,
  heard,
  part,
  signUp,
  success,
  versions,
} from '../src/passage-elements.ts'
import { storedTokens } from '../src/passage-fixtures.ts'

const full = { tag: ['@full'] }

for (const version of versions)
  test.describe(`passage-elements ${version}`, () => {
    test(
      'a phone number, typed without its country: signs up and in, and is in the profile',
      full,
      async ({ app, url, server }) => {
        const phone = '+14155552671'
        const type = async (number: string) => {
          await part(app, 'identifier-input').fill(number)
          // The example of a number shows that the element can check numbers.
          await expect(part(app, 'identifier-input')).toHaveAttribute('placeholder', /\d{3}/)
          await part(app, 'continue-button').click()
        }
        await app.goto(`${url}/${version}/passage-login?default-country-code=us`)
        await type('4155552671')
        await expect(part(app, 'validation-error')).toContainText('not-recognized')
        await app.goto(`${url}/${version}/passage-register?default-country-code=us`)
        await type('4155552671')
        await part(app, 'register-main-button').click()
        await success(app)
        expect((await heard(app, 'beforeAuth'))[0]![1]).toBe(phone)
        const { users } = (await (await server.manage('GET', '/users')).json()) as { users: unknown[] }
        expect(users).toMatchObject([{ email: '', phone }])

        await app.goto(`${url}/${version}/passage-profile`)
        await expect(app.locator('passage-profile input').nth(1)).toHaveValue(/415.?.?555.?2671/)
        await app.goto(`${url}/${version}/passage-login`)
        // The element remembers who signed in last.
        await expect(app.locator('passage-login')).toContainText(phone)
        await part(app, 'continue-button').click()
        await success(app)
        await forget(app)
        await app.goto(`${url}/${version}/passage-login`)
        await type(phone)
        await success(app)
      },
    )

    test(
      'a page of another origin of the app: signs up, with a passkey for both (Steward-Fi/steward #35)',
      full,
      async ({ app, url, server, scripts }) => {
        const port = await freePort()
        const other = `http://localhost:${port}`
        await server.manage('PATCH', '/settings', { additional_auth_origins: [other] })
        const pages = await servePassageClients(port, server.url, scripts)
        try {
          await expect
            .poll(
              async () => (await fetch(`${server.url}/v1/apps/demo`, { headers: { origin: other } })).status,
            )
            .toBe(200)
          await signUp(app, other, version, 'ada@example.com')
          await app.goto(`${url}/${version}/passage-login`)
          await answer(app, 'ada@example.com')
          await success(app)
        } finally {
          pages.close()
        }
      },
    )

    test(
      'the remembered name was changed by the backend: told, and another can be typed (corbado/javascript #371)',
      full,
      async ({ app, url, server }) => {
        const { user_id } = await signUp(app, url, version, 'ada@example.com')
        await server.manage('PATCH', `/users/${String(user_id)}`, { email: 'lovelace@example.com' })
        await app.goto(`${url}/${version}/passage-login`)
        await expect(app.locator('passage-login')).toContainText('ada@example.com')
        await part(app, 'continue-button').click()
        await expect(part(app, 'validation-error')).toContainText('not-recognized')
        await part(app, 'register-link').click()
        await answer(app, 'lovelace@example.com')
        await success(app)
      },
    )

    test(
      'the passkey was revoked: told, instead of a prompt that cannot work (teamhanko/hanko #1593)',
      full,
      async ({ app, url, server }) => {
        const { user_id } = await signUp(app, url, version, 'ada@example.com')
        const answered = await server.manage('GET', `/users/${String(user_id)}/devices`)
        const { devices } = (await answered.json()) as { devices: { id: string }[] }
        await server.manage('DELETE', `/users/${String(user_id)}/devices/${devices[0]!.id}`)
        await app.goto(`${url}/${version}/passage-login`)
        await part(app, 'continue-button').click()
        await expect(app.locator('passage-login')).toContainText('login-not-supported')
        expect((await heard(app, 'onEvent')).map(([, name]) => name)).toEqual(['onLoaded'])
      },
    )
  })

// 1.5.1 has neither: it has no property `tokenStore`, and its authors switched the offer off.
test.describe('passage-elements 1.23.1', () => {
  test(
    'tokenStore: keeps the tokens where the app wants them, and nowhere else',
    full,
    async ({ app, url, server }) => {
      await app.goto(`${url}/1.23.1/passage-register?store`)
      await answer(app, 'ada@example.com')
      await part(app, 'register-main-button').click()
      const { auth_token, refresh_token } = await success(app)
      const kept = () => app.evaluate(() => ({ ...sessionStorage }))
      expect(await kept()).toEqual({ auth: auth_token, refresh: refresh_token })
      expect(await storedTokens(app)).toMatchObject({ auth: null, refresh: null })
      // The profile and the passkeys are read with these tokens, and an expired one is renewed into the store.
      await app.evaluate(() => {
        const [head, body, signature] = sessionStorage.getItem('auth')!.split('.')
        const claims = JSON.parse(atob(body!.replaceAll('-', '+').replaceAll('_', '/'))) as object
        const expired = btoa(JSON.stringify({ ...claims, exp: 1 })).replaceAll('=', '')
        sessionStorage.setItem('auth', [head, expired, signature].join('.'))
      })
      await app.goto(`${url}/1.23.1/passage-profile?store`)
      await expect(app.locator('passage-profile input').first()).toHaveValue('ada@example.com')
      expect((await kept())['refresh']).not.toBe(refresh_token)
      await app.goto(`${url}/1.23.1/passage-passkey-table?store`)
      await expect(part(app, 'passkey-table-row-0-device-name')).toBeVisible()
      expect(await storedTokens(app)).toMatchObject({ auth: null, refresh: null })
      const { users } = (await (await server.manage('GET', '/users')).json()) as { users: unknown[] }
      expect(users).toMatchObject([{ login_count: 1 }])
    },
  )
})

test.describe('passage-elements 1.23.1', () => {
  // In a browser that has it, this version reads the wrong name from it, and offers nothing.
  test.beforeEach(async ({ app }) => {
    await app.addInitScript(() => {
      Reflect.deleteProperty(PublicKeyCredential, 'getClientCapabilities')
    })
  })

  test(
    '<passage-login> in a browser without getClientCapabilities(): a passkey that is chosen in the autofill signs in, without a name',
    full,
    async ({ app, url, server }) => {
      const { user_id } = await signUp(app, url, '1.23.1', 'ada@example.com')
      await forget(app)
      // The virtual authenticator chooses a passkey as soon as the page offers it.
      await app.goto(`${url}/1.23.1/passage-login`)
      const { refresh_token } = await success(app)
      expect((await storedTokens(app)).refresh).toBe(refresh_token)
      expect(await heard(app, 'beforeAuth')).toEqual([])
      const answered = await server.manage('GET', `/users/${String(user_id)}`)
      expect(await answered.json()).toMatchObject({ user: { login_count: 2 } })
    },
  )

  test(
    '<passage-auth> in a browser without getClientCapabilities(): an offer that nobody takes does not stop a sign-up (teamhanko/hanko #446)',
    full,
    async ({ app, url }) => {
      const offered = app.waitForRequest(/\/login\/webauthn\/start$/)
      await app.goto(`${url}/1.23.1/passage-auth`)
      await offered
      await expect(part(app, 'identifier-input')).toHaveAttribute('autocomplete', /webauthn/)
      await answer(app, 'ada@example.com')
      await part(app, 'register-link').click()
      await part(app, 'continue-button').click()
      await part(app, 'register-main-button').click()
      await success(app)
    },
  )
})
