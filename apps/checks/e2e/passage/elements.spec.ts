import { expect } from '@playwright/test'
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

const claimsOf = (token: unknown) =>
  JSON.parse(Buffer.from(String(token).split('.')[1]!, 'base64url').toString()) as { sub: string }

// The brief run of `npm test` takes one example.
const full = { tag: ['@full'] }

for (const version of versions) {
  const callbacks = (kind: 'login' | 'register') => (version === '1.5.1' ? [] : [{ authType: kind }])

  test.describe(`passage-elements ${version}`, () => {
    test(
      '<passage-register>, then <passage-login>: a sign-up and a sign-in with their callbacks (case I1)',
      version === '1.5.1' ? full : {},
      async ({ app, url, server }) => {
        const result = await signUp(app, url, version, 'ada@example.com')
        expect(result).toMatchObject({
          auth_token: expect.any(String),
          refresh_token: expect.any(String),
          refresh_token_expiration: expect.any(Number),
          redirect_url: `${url}/home`,
        })
        expect(await heard(app, 'beforeAuth')).toEqual([
          ['beforeAuth', 'ada@example.com', ...callbacks('register')],
        ])
        expect(await heard(app, 'onEvent')).toEqual([
          ['onEvent', 'onRegisterDevice', { identifier: 'ada@example.com' }],
        ])
        const { auth, refresh, cookie } = await storedTokens(app)
        expect([auth, refresh, cookie]).toEqual([result['auth_token'], result['refresh_token'], auth])

        await app.goto(`${url}/${version}/passage-login`)
        // The element remembers who signed in last.
        await expect(app.locator('passage-login')).toContainText('ada@example.com')
        await part(app, 'continue-button').click()
        const again = await success(app)
        expect(claimsOf(again['auth_token']).sub).toBe(claimsOf(result['auth_token']).sub)
        expect(await heard(app, 'beforeAuth')).toEqual([
          ['beforeAuth', 'ada@example.com', ...callbacks('login')],
        ])
        expect((await heard(app, 'onEvent')).map(([, name]) => name)).toEqual([
          'onLoaded',
          'onVerifyIdentity',
        ])
        const { users } = (await (await server.manage('GET', '/users')).json()) as { users: unknown[] }
        expect(users).toMatchObject([{ email: 'ada@example.com', login_count: 2 }])
      },
    )

    test(
      '<passage-auth>: an unknown name, a sign-up by its link, a known name',
      full,
      async ({ app, url, server }) => {
        await app.goto(`${url}/${version}/passage-auth`)
        await answer(app, 'ada@example.com')
        await expect(part(app, 'validation-error')).toContainText('not-recognized')
        await part(app, 'register-link').click()
        await answer(app, 'ada@example.com')
        await expect(part(app, 'register-main-button')).toBeVisible()
        // Nothing is stored before the passkey is made.
        expect(await (await server.manage('GET', '/users')).json()).toMatchObject({ total_users: 0 })
        await part(app, 'register-main-button').click()
        await success(app)
        await forget(app)
        await app.goto(`${url}/${version}/passage-register`)
        await answer(app, 'ADA@example.com')
        await expect(part(app, 'validation-error')).toContainText('account-already-exists')
      },
    )

    test(
      'beforeAuth that returns false: stops; onSuccess that is not set: opens redirect_url',
      full,
      async ({ app, url }) => {
        await app.goto(`${url}/${version}/passage-register?stop`)
        await answer(app, 'ada@example.com')
        await expect.poll(() => heard(app, 'beforeAuth')).toHaveLength(1)
        await expect(part(app, 'register-main-button')).toBeHidden()
        await app.goto(`${url}/${version}/passage-register?own`)
        await answer(app, 'ada@example.com')
        await part(app, 'register-main-button').click()
        await app.waitForURL(`${url}/home`)
        expect((await storedTokens(app)).refresh).toBeTruthy()
      },
    )

    test(
      'app-id of no app: an error that is shown; a deactivated user: told',
      full,
      async ({ app, url, server }) => {
        const { user_id } = await signUp(app, url, version, 'ada@example.com')
        await server.manage('PATCH', `/users/${String(user_id)}/deactivate`)
        await forget(app)
        await app.goto(`${url}/${version}/passage-login`)
        await answer(app, 'ada@example.com')
        await expect(part(app, 'validation-error')).toContainText('account-no-longer-active')
        await app.goto(`${url}/${version}/passage-auth?app-id=nothing`)
        await expect(app.locator('passage-auth')).toContainText(/invalid-app-id|Invalid App ID/i)
      },
    )

    test('lang, default-country-code, theme and identifier: taken', full, async ({ app, url }) => {
      const asked: string[] = []
      app.on('request', (request) => void asked.push(request.url()))
      const query = new URLSearchParams({
        lang: 'de',
        'default-country-code': 'de',
        theme: 'light',
        identifier: 'ada@example.com',
      })
      await app.goto(`${url}/${version}/passage-auth?${query}`)
      await expect(part(app, 'continue-button')).toBeVisible()
      await expect.poll(() => asked.some((address) => address.endsWith('/de.json'))).toBe(true)
      if (version !== '1.5.1') await expect(app.locator('passage-auth')).toContainText('ada@example.com')
    })

    test(
      'public sign-up off: nobody signs up, a known user signs in, a stranger learns nothing',
      full,
      async ({ app, url, server }) => {
        await signUp(app, url, version, 'ada@example.com')
        await server.manage('PATCH', '/settings', { public_signup: false })
        await forget(app)
        await app.goto(`${url}/${version}/passage-register`)
        await expect(app.locator('passage-register')).toContainText('public-registration-not-allowed')
        // The settings that the server has in its cache may be a moment old, so ask for what it answers.
        for (const name of ['ada@example.com', 'nobody@example.com']) {
          await app.goto(`${url}/${version}/passage-register`)
          await answer(app, name)
          await expect(part(app, 'validation-error')).toContainText('account-already-exists')
        }
        await app.goto(`${url}/${version}/passage-login`)
        await answer(app, 'ada@example.com')
        await success(app)
        await forget(app)
        await app.goto(`${url}/${version}/passage-login`)
        await answer(app, 'nobody@example.com')
        await expect.poll(() => heard(app, 'onEvent')).toHaveLength(2)
        expect(await heard(app, 'onSuccess')).toEqual([])
      },
    )

    test(
      '<passage-profile>: the user, their metadata, and a refusal that is shown (case I10)',
      full,
      async ({ app, url, server }) => {
        const { user_id } = await signUp(app, url, version, 'ada@example.com')
        await app.goto(`${url}/${version}/passage-profile`)
        const profile = app.locator('passage-profile')
        await expect(profile.locator('input').first()).toHaveValue('ada@example.com')
        await profile.getByText('edit', { exact: true }).last().click()
        await profile.locator('.grid-stack input').fill('Turin')
        await profile.getByText('save', { exact: true }).click()
        await expect
          .poll(async () => (await server.manage('GET', `/users/${String(user_id)}`)).json())
          .toMatchObject({ user: { user_metadata: { town: 'Turin' } } })
        await profile.getByText('edit', { exact: true }).first().click()
        await profile.locator('input').first().fill('lovelace@example.com')
        await profile.getByText('save', { exact: true }).click()
        await expect(profile).toContainText('failed-to-update-email')
      },
    )

    test(
      'the passkeys in the profile: add, name and remove (case I10)',
      full,
      async ({ app, otherDevice, url, server }) => {
        const { user_id } = await signUp(app, url, version, 'ada@example.com')
        const listed = async () => {
          const answered = await server.manage('GET', `/users/${String(user_id)}/devices`)
          const { devices } = (await answered.json()) as { devices: { friendly_name: string }[] }
          return devices.map(({ friendly_name }) => friendly_name).toSorted()
        }
        await otherDevice()
        const table = version === '1.5.1' ? 'passage-profile' : 'passage-passkey-table'
        await app.goto(`${url}/${version}/${table}`)
        const dialog = app.locator('[role=dialog]')
        await app.getByText('add-device').first().click()
        if (version !== '1.5.1') await part(app, 'add-device-primary-button').click()
        await expect.poll(listed).toHaveLength(2)
        if (version === '1.5.1') {
          await dialog.locator('input').fill('Laptop')
          await dialog.locator('button').first().click()
        } else {
          await part(app, 'edit-passkey-button-1').locator('div').click()
          await part(app, 'passkey-table-row-1-device-name').fill('Laptop')
          await part(app, 'passkey-table-row-1-device-name').press('Enter')
        }
        await expect.poll(listed).toEqual(['Laptop', 'Passkey'])
        if (version === '1.5.1') {
          // While the dialog fades, it is in the way of the click.
          await expect(dialog).toBeHidden()
          await app.locator('tbody input[type=checkbox]').first().check({ force: true })
          await app.getByText('revoke-device').first().click()
          await dialog.locator('button').first().click()
        } else {
          await part(app, 'revoke-passkey-button-0').locator('div').click()
          await part(app, 'revoke-passkey-button-confirmation').click()
        }
        await expect.poll(listed).toHaveLength(1)
      },
    )

    test('PassageUser: every method (passage-elements/passage-user)', full, async ({ app, url, server }) => {
      const { user_id } = await signUp(app, url, version, 'ada@example.com')
      const seen = await app.evaluate(async () => {
        const { PassageUser } = window as never as {
          PassageUser: new (token?: string) => Record<string, () => Promise<unknown>>
        }
        const user = new PassageUser()
        const before = await user['getAuthToken']!()
        const after = await user['refresh']!()
        const info = await user['userInfo']!()
        const guard = await user['authGuard']!()
        const given = await new PassageUser(String(after))['userInfo']!()
        const out = await user['signOut']!()
        let later: unknown
        try {
          later = new PassageUser()
        } catch (error) {
          later = (error as { statusCode: number }).statusCode
        }
        return { renewed: before !== after, info, guard, given, out, later }
      })
      const info = { id: user_id, email: 'ada@example.com', webauthn_types: ['passkey'] }
      expect(seen).toMatchObject({ renewed: true, info, guard: true, given: info, out: true, later: 704 })
      expect(await (await server.manage('GET', `/users/${String(user_id)}/sessions`)).json()).toMatchObject({
        total_sessions: 0,
      })
    })
  })
}
