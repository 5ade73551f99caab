import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuthResult } from '@tokenkeep/protocol'
import {
  appProfile,
  createApiKey,
  createClientSecret,
  createSessionServer,
  deriveKeys,
  openStore,
} from '@tokenkeep/server'

export const authUrl = 'https://auth.example'
export const appId = 'shop'

/** How long an auth token lives. Seconds. */
export const LIFETIME = 60

/** How long a session lives without activity. Seconds. */
export const INACTIVITY = 3600

/** The shipped session server, in this process, on SQLite, with a clock that tests set. */
export interface SessionServer {
  /** Milliseconds since the epoch, by the server's clock. */
  now: number
  /** What happens to the requests of app servers. `lost`: the server acts, and the answer is lost. */
  network: 'up' | 'down' | 'lost' | 'failing' | 'throttling'
  /** The secret of the app's server. */
  readonly clientSecret: string
  /** The refresh requests that arrived. */
  readonly refreshes: number
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  /** Answers a request that came over HTTP. */
  answer(request: Request): Promise<Response>
  createUser(): Promise<string>
  openSession(userId: string): Promise<AuthResult>
  /** The ids of a user's sessions that have not ended. */
  alive(userId: string): Promise<string[]>
  revokeAll(userId: string): Promise<unknown>
  events(type: string): Promise<{ session_id?: string }[]>
  /** How many refreshes of each kind the server has counted. */
  counts(): Promise<{ rotated: number; replayed: number; reuses: number }>
  close(): Promise<void>
}

export async function startSessionServer(): Promise<SessionServer> {
  const folder = mkdtempSync(join(tmpdir(), 'tokenkeep-ssr-'))
  const store = await openStore(folder)
  const app = appProfile({
    name: 'Shop',
    auth_origin: 'https://shop.example',
    redirect_url: '/',
    refresh_enabled: true,
    session_timeout_length: LIFETIME,
    refresh_inactivity_lifetime: INACTIVITY,
  })
  const start = 1_700_000_000_000
  await store.apps.add(appId, app, 'system', start)
  // A test may go by the time of day, which is years after the start.
  const { secret } = await createApiKey(store, appId, 'tests', 'system', start, { expiresAt: null })
  const { secret: clientSecret } = await createClientSecret(store, appId, 'tests', 'system', start)
  const server = createSessionServer({
    store,
    keys: deriveKeys(Buffer.alloc(32, 7)),
    baseUrl: authUrl,
    metricsToken: 'the token of the tests',
    now: () => sessions.now,
    limits: { failuresPerAddress: 1e9 },
  })
  let refreshes = 0
  const metrics = { authorization: 'Bearer the token of the tests' }

  const send = async (url: string, init: RequestInit): Promise<Response> => {
    const response = await server.fetch(new Request(url, init))
    response.headers.set('date', new Date(sessions.now).toUTCString())
    return response
  }
  const manage = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const headers = { authorization: `Bearer ${secret}` }
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) }
    const response = await send(`${authUrl}/v1/apps/${appId}${path}`, init)
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return (text && JSON.parse(text)) as T
  }
  let users = 0

  const sessions: SessionServer = {
    now: start,
    clientSecret,
    network: 'up',
    get refreshes() {
      return refreshes
    },
    async fetch(url, init) {
      const { network } = sessions
      if (network === 'down') throw new TypeError('fetch failed')
      if (init.method === 'POST') refreshes++
      if (network === 'failing') return new Response('<html>', { status: 502 })
      if (network === 'throttling') return new Response('', { status: 429, headers: { 'retry-after': '30' } })
      const response = await send(url, init)
      if (network === 'lost') throw new TypeError('fetch failed')
      return response
    },
    async answer(request) {
      const body = request.method === 'GET' ? {} : { body: await request.text() }
      const { pathname } = new URL(request.url)
      return sessions.fetch(authUrl + pathname, { method: request.method, headers: request.headers, ...body })
    },
    createUser: async () =>
      (await manage<{ user: { id: string } }>('POST', '/users', { identifier: `user-${++users}` })).user.id,
    openSession: async (user) =>
      (await manage<{ auth_result: AuthResult }>('POST', `/users/${user}/sessions`)).auth_result,
    alive: async (user) =>
      (await manage<{ sessions: { id: string }[] }>('GET', `/users/${user}/sessions`)).sessions.map(
        ({ id }) => id,
      ),
    revokeAll: (user) => manage('DELETE', `/users/${user}/tokens`),
    events: async (type) =>
      (await manage<{ events: { session_id?: string }[] }>('GET', `/events?type=${type}&limit=100`)).events,
    async counts() {
      const text = await (await send(`${authUrl}/metrics`, { headers: metrics })).text()
      const of = (outcome: string): number =>
        Number(new RegExp(`outcome="${outcome}"\\} (\\d+)`).exec(text)?.[1] ?? 0)
      return { rotated: of('rotated'), replayed: of('replayed'), reuses: of('reused') }
    },
    async close() {
      await server.close()
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return sessions
}
