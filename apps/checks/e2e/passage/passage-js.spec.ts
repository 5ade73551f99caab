import { expect, type Page } from '@playwright/test'
import { passageTest, storedTokens } from '../src/passage-fixtures.ts'

/** The methods of passage-js 3 that a test calls in the page. */
interface Passage3 {
  register(identifier: string): Promise<Result>
  login(identifier: string): Promise<Result>
  loginConditional(signal?: AbortSignal): Promise<Result>
  isWebauthnSupported(roaming: boolean): Promise<boolean>
  getCredentialAvailable(): Promise<object>
  createCredentialAvailable(): Promise<object>
  browserInfo(): Promise<object>
  appInfo(): Promise<object>
  checkWebauthnConfig(app: object): boolean
  credIDExists(userId: string): boolean
  getCurrentUser(): {
    userInfo(): Promise<{ id: string }>
    listDevices(): Promise<object[]>
    addDevice(): Promise<Device>
    deleteDevice(device: Device): Promise<boolean>
  }
  getCurrentSession(): {
    getAuthToken(): Promise<string>
    refresh(): Promise<Result>
    signOut(): Promise<boolean>
  }
}
interface Result {
  readonly auth_token: string
  readonly redirect_url: string
}
interface Device {
  readonly id: string
  readonly cred_id: string
}
declare const window: Window & {
  readonly passage: Passage3
  readonly store: {
    getAuthToken(): Promise<string>
    getRefreshToken(): Promise<string>
    clearTokens(): Promise<void>
  }
}

const script = (version: string): string => `
  import { Passage, PassageTokenStore } from 'passage-js-${version}'
  Object.assign(globalThis, { passage: new Passage('demo'), store: new PassageTokenStore() })
`
const versions = ['3.5.0', '3.14.6'] as const
const test = passageTest.extend({
  scripts: Object.fromEntries([...versions, '4.1.2'].map((version) => [`/${version}`, script(version)])),
})
const full = { tag: ['@full'] }
const open = async (page: Page, url: string) => {
  await page.goto(url)
  await page.waitForFunction(() => 'passage' in window)
}

for (const version of versions)
  test.describe(`passage-js ${version}`, () => {
    test(
      'register(…), login(…), loginConditional(): a session in the storage',
      full,
      async ({ app, url }) => {
        await open(app, `${url}/${version}`)
        const first = await app.evaluate(() => window.passage.register('ada@example.com'))
        expect(first).toMatchObject({ auth_token: expect.any(String), redirect_url: `${url}/home` })
        expect(await storedTokens(app)).toMatchObject({ auth: first.auth_token, cookie: first.auth_token })
        const again = await app.evaluate(async () => {
          await window.passage.getCurrentSession().signOut()
          const { auth_token } = await window.passage.login('ada@example.com')
          const { id } = await window.passage.getCurrentUser().userInfo()
          return { auth_token, exists: window.passage.credIDExists(id) }
        })
        expect(again.exists).toBe(true)
        // A virtual authenticator answers an offer at once, if the page has an input for it.
        const chosen = await app.evaluate(async () => {
          await window.passage.getCurrentSession().signOut()
          document.querySelector('main')!.innerHTML = '<input autocomplete="username webauthn" autofocus>'
          return window.passage.loginConditional(new AbortController().signal)
        })
        expect(await storedTokens(app)).toMatchObject({ auth: chosen.auth_token, cookie: chosen.auth_token })
      },
    )

    test(
      'what the browser can do: isWebauthnSupported, browserInfo, checkWebauthnConfig and others',
      full,
      async ({ app, url }) => {
        await open(app, `${url}/${version}`)
        const seen = await app.evaluate(async () => ({
          platform: await window.passage.isWebauthnSupported(false),
          info: await window.passage.browserInfo(),
          get: await window.passage.getCredentialAvailable(),
          create: await window.passage.createCredentialAvailable(),
          config: window.passage.checkWebauthnConfig(await window.passage.appInfo()),
        }))
        expect(seen).toMatchObject({
          platform: true,
          config: true,
          get: { platform: true },
          create: { platform: true },
        })
      },
    )

    test(
      'addDevice(), deleteDevice(…): a second passkey comes and goes (case I10)',
      full,
      async ({ app, otherDevice, url }) => {
        await open(app, `${url}/${version}`)
        await app.evaluate(() => window.passage.register('ada@example.com'))
        await otherDevice()
        const seen = await app.evaluate(async () => {
          const user = window.passage.getCurrentUser()
          const added = await user.addDevice()
          const two = (await user.listDevices()).length
          const deleted = await user.deleteDevice(added)
          return { added, two, deleted, left: (await user.listDevices()).length }
        })
        expect(seen).toMatchObject({ added: { type: 'passkey' }, two: 2, deleted: true, left: 1 })
      },
    )

    test('PassageTokenStore: getAuthToken, getRefreshToken, clearTokens', full, async ({ app, url }) => {
      await open(app, `${url}/${version}`)
      await app.evaluate(() => window.passage.register('ada@example.com'))
      const { auth, refresh } = await storedTokens(app)
      const seen = await app.evaluate(async () => {
        const tokens = [await window.store.getAuthToken(), await window.store.getRefreshToken()]
        await window.store.clearTokens()
        return tokens
      })
      expect(seen).toEqual([auth, refresh])
      expect((await storedTokens(app)).refresh).toBeNull()
    })
  })

/** The methods of passage-js 4. */
interface Passage4 {
  readonly passkey: {
    register(identifier: string): Promise<{ authToken: string }>
    login(identifier?: string): Promise<{ authToken: string }>
    checkPasskeyOrigin(): Promise<boolean>
    getCredentialAvailable(): Promise<object>
    createCredentialAvailable(): Promise<object>
    hasLocalPasskey(userId: string): boolean
  }
  readonly session: { getAuthToken(): Promise<string>; signOut(): Promise<boolean> }
  readonly currentUser: {
    userInfo(): Promise<{ id: string }>
    passkeys(): Promise<object[]>
    addPasskey(): Promise<{ id: string; credId: string }>
    deletePasskey(passkey: object): Promise<boolean>
  }
}

test.describe('passage-js 4.1.2', () => {
  test(
    'passkey.register(…), passkey.login(…) with and without a name: a session in the storage',
    full,
    async ({ app, url }) => {
      await open(app, `${url}/4.1.2`)
      const seen = await app.evaluate(async () => {
        const { passkey, session } = window.passage as unknown as Passage4
        const { authToken } = await passkey.register('ada@example.com')
        const kept = await session.getAuthToken()
        const out = await session.signOut()
        await passkey.login('ada@example.com')
        await session.signOut()
        await passkey.login()
        return { authToken, kept, out, later: await session.getAuthToken() }
      })
      expect(seen).toMatchObject({ kept: seen.authToken, out: true, later: expect.stringContaining('.') })
    },
  )

  test('passkey.hasLocalPasskey(…): true once this browser has made one', full, async ({ app, url }) => {
    await open(app, `${url}/4.1.2`)
    const seen = await app.evaluate(async () => {
      const { passkey, currentUser } = window.passage as unknown as Passage4
      await passkey.register('ada@example.com')
      const { id } = await currentUser.userInfo()
      return { own: passkey.hasLocalPasskey(id), other: passkey.hasLocalPasskey('another-user') }
    })
    expect(seen).toEqual({ own: true, other: false })
  })

  test('passkey.checkPasskeyOrigin() and what the browser can do', full, async ({ app, url }) => {
    await open(app, `${url}/4.1.2`)
    const seen = await app.evaluate(async () => {
      const { passkey } = window.passage as unknown as Passage4
      return {
        origin: await passkey.checkPasskeyOrigin(),
        get: await passkey.getCredentialAvailable(),
        create: await passkey.createCredentialAvailable(),
      }
    })
    expect(seen).toMatchObject({ origin: true, get: { platform: true }, create: { platform: true } })
  })

  test(
    'currentUser.addPasskey(), deletePasskey(…): a second passkey comes and goes (case I10)',
    full,
    async ({ app, otherDevice, url }) => {
      await open(app, `${url}/4.1.2`)
      await app.evaluate(() => (window.passage as unknown as Passage4).passkey.register('ada@example.com'))
      await otherDevice()
      const seen = await app.evaluate(async () => {
        const { currentUser } = window.passage as unknown as Passage4
        const added = await currentUser.addPasskey()
        const two = (await currentUser.passkeys()).length
        return {
          two,
          deleted: await currentUser.deletePasskey(added),
          left: (await currentUser.passkeys()).length,
        }
      })
      expect(seen).toEqual({ two: 2, deleted: true, left: 1 })
    },
  )
})
