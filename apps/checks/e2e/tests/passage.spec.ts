import { expect, test as base, type Page } from '@playwright/test'
import type { PassageUser } from '@tokenkeep/passage'
import type { AxiosStatic } from 'axios'
import { freePort } from '../../../../scripts/lib/free-port.ts'
import { servePassage } from '../src/passage-page.ts'
import { openSession, SessionServer } from '../src/session-server.ts'

/** The globals of the app's script. */
interface App extends Window {
  readonly axios: AxiosStatic
  readonly PassageUser: typeof PassageUser
  user?: PassageUser
}
declare const window: App

interface Tokens {
  readonly auth_token: string
  readonly refresh_token: string
}
interface Claims {
  readonly sub: string
  readonly sid: string
  readonly exp: number
}
const claimsOf = (authToken: string): Claims =>
  JSON.parse(Buffer.from(authToken.split('.')[1]!, 'base64url').toString()) as Claims

/** Waits until an auth token has expired. */
const expired = (authToken: string) =>
  expect.poll(() => Date.now() / 1000).toBeGreaterThan(claimsOf(authToken).exp)

interface Fixtures {
  readonly server: SessionServer
  readonly url: string
  /** The tokens that Passage's client left in the browser. */
  readonly left: Tokens
}

const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from this pattern.
  url: async ({}, use) => use(`http://localhost:${await freePort()}`),
  server: async ({ url }, use) => {
    const server = await SessionServer.create(await freePort(), url)
    await server.start()
    const app = await servePassage(Number(new URL(url).port), server.url)
    await use(server)
    app.close()
    await server.dispose()
  },
  left: async ({ server, url, page }, use) => {
    const tokens = (await openSession(server)) as Tokens
    await page.goto(`${url}/before`)
    // These are the keys and the cookies that Passage's clients write.
    await page.evaluate(({ auth_token, refresh_token }) => {
      localStorage.setItem('psg_auth_token', auth_token)
      localStorage.setItem('psg_refresh_token', refresh_token)
      localStorage.setItem('psg_cred_obj', '{"credentials":[]}')
      localStorage.setItem('psg_last_login', 'ada@example.com')
      document.cookie = `psg_auth_token=${auth_token}; path=/`
      document.cookie = 'psg_cred_obj={}; path=/; max-age=34560000; SameSite=Strict'
    }, tokens)
    await use(tokens)
  },
})

/** Returns everything that the page has stored. */
const kept = async (page: Page): Promise<string> => {
  const inPage = await page.evaluate(async () => {
    const databases: unknown[] = []
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name!)
        opening.addEventListener('success', () => resolve(opening.result))
        opening.addEventListener('error', () => reject(opening.error!))
      })
      for (const store of database.objectStoreNames)
        databases.push(
          await new Promise((resolve) => {
            const all = database.transaction(store).objectStore(store).getAll()
            all.addEventListener('success', () => resolve(all.result))
          }),
        )
      database.close()
    }
    const cacheNames = await caches.keys()
    return { local: { ...localStorage }, session: { ...sessionStorage }, databases, cacheNames }
  })
  return JSON.stringify({ ...inPage, cookies: await page.context().cookies() })
}

const asMe = (page: Page) =>
  page.evaluate(async () => {
    window.user ??= new window.PassageUser()
    const token = await window.user.getAuthToken()
    const { data } = await window.axios.get('/api/me', { headers: { Authorization: `Bearer ${token}` } })
    return { token, userId: (data as { userId: string }).userId }
  })

for (const [path, tag] of [
  ['/', ['@full']],
  ['/deep/path/of/an/app', []],
] as const)
  test(
    `code written for Passage keeps the session that Passage's client left, at ${path}`,
    { tag: [...tag] },
    async ({ page, server, url, left }) => {
      // The token that is left expires soon. The next one does not, so that a busy machine needs no third one.
      await server.manage('PATCH', '/settings', { session_timeout_length: 600 })
      const { sub, sid } = claimsOf(left.auth_token)
      await page.goto(url + path)
      expect((await asMe(page)).userId).toBe(sub)
      expect(await page.evaluate(() => window.user!.userInfo())).toMatchObject({ id: sub, status: 'active' })
      expect(await page.evaluate(() => Object.keys(localStorage).join())).not.toMatch(/psg_\w+_token/)

      // After the auth token's expiry and a reload, the refresh token that Passage's client left renews it, once.
      await expired(left.auth_token)
      await page.reload()
      const [first, second] = await Promise.all([asMe(page), asMe(page)])
      expect(first.token).not.toBe(left.auth_token)
      expect(second).toEqual(first)
      await expect.poll(() => server.refreshes().length).toBe(1)

      const held = await kept(page)
      expect(held).toContain(sid)
      const { refreshToken } = /"refreshToken":"(?<refreshToken>[^"]+)"/.exec(held)!.groups!
      expect(await page.evaluate(() => window.user!.signOut())).toBe(true)
      const after = await kept(page)
      for (const trace of [
        sub,
        sid,
        left.auth_token,
        left.refresh_token,
        first.token,
        refreshToken!,
        'psg_',
        'rt1',
      ])
        expect(after).not.toContain(trace)
      expect(JSON.parse(after)).toMatchObject({ local: {}, session: {}, cookies: [] })
      expect(await server.refreshStatus(refreshToken!)).toBe(401)

      await page.reload()
      const refused = await page.evaluate(() => {
        try {
          return String(new window.PassageUser())
        } catch (error) {
          return (error as { statusCode: number }).statusCode
        }
      })
      expect(refused).toBe(704)
    },
  )

test(
  'a token that expired long ago is renewed at its first use',
  { tag: '@full' },
  async ({ page, server, url, left }) => {
    await expired(left.auth_token)
    await page.goto(url)
    const { token, userId } = await asMe(page)
    expect(userId).toBe(claimsOf(left.auth_token).sub)
    expect(token).not.toBe(left.auth_token)
    await expect.poll(() => server.refreshes().map(({ outcome }) => outcome)).toEqual(['rotated'])
  },
)

test(
  'if the server is unreachable, getAuthToken rejects with 503 and the session stays',
  { tag: '@full' },
  async ({ page, server, url, left }) => {
    await page.goto(url)
    const { token } = await asMe(page)
    await server.stop('SIGKILL')
    await expired(token)
    const error = await page.evaluate(() =>
      window.user!.getAuthToken().then(
        () => undefined,
        ({ name, statusCode, message }: { name: string; statusCode: number; message: string }) => ({
          name,
          statusCode,
          message,
        }),
      ),
    )
    expect(error).toMatchObject({ name: 'PassageError', statusCode: 503 })
    await server.start()
    await expect(async () => expect((await asMe(page)).userId).toBe(claimsOf(left.auth_token).sub)).toPass()
  },
)
