import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuthResult } from '@tokenkeep/protocol'
import { appProfile, createApiKey, createSessionServer, deriveKeys, openStore } from '@tokenkeep/server'

export const url = 'https://auth.example'

/** A request of a device. */
export interface SentRequest {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}
/** An answer of the server. */
export interface ServerAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

/** The shipped session server. It runs in this process, on SQLite, and with the clock of the walk. */
export interface Server {
  /** Milliseconds since the epoch. */
  now: number
  /** Answers a request of a device to the token endpoint. */
  tokens(request: SentRequest): Promise<ServerAnswer>
  createUser(): Promise<string>
  /** Opens a session, as a sign-in does. */
  open(user: string): Promise<AuthResult>
  /** The ids of a user's sessions that have not ended. */
  alive(user: string): Promise<string[]>
  revoke(user: string, session: string): Promise<unknown>
  /** How many events of a type are in the audit trail. */
  countEvents(type: string): Promise<number>
  close(): Promise<void>
}

export async function startServer(start: number): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'tokenkeep-'))
  const store = await openStore(folder)
  const app = appProfile({
    name: 'Demo',
    auth_origin: url,
    redirect_url: '/',
    refresh_enabled: true,
    refresh_absolute_lifetime: 86_400,
    refresh_inactivity_lifetime: 7200,
  })
  await store.apps.add('app', app, 'system', start)
  const { secret } = await createApiKey(store, 'app', 'simulation', 'system', start)
  const sessions = createSessionServer({
    store,
    keys: deriveKeys(Buffer.alloc(32, 7)),
    baseUrl: url,
    now: () => server.now,
    // Rate limits use the real clock. By that clock, a walk takes almost no time, so it would exceed the limits.
    limits: { refusalsPerSession: 1e9 },
  })
  const send = (path: string, init: RequestInit) =>
    Promise.resolve(sessions.fetch(new Request(`${url}/v1/apps/app${path}`, init)))
  const manage = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const headers = { authorization: `Bearer ${secret}` }
    const answer = await send(path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    const text = await answer.text()
    if (!answer.ok && method !== 'DELETE') throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return (text && JSON.parse(text)) as T
  }
  let users = 0

  const server: Server = {
    now: start,
    async tokens(request) {
      const answer = await send('/tokens', request)
      return { status: answer.status, headers: answer.headers, body: await answer.text() }
    },
    createUser: async () =>
      (await manage<{ user: { id: string } }>('POST', '/users', { identifier: `user-${++users}` })).user.id,
    open: async (user) =>
      (await manage<{ auth_result: AuthResult }>('POST', `/users/${user}/sessions`)).auth_result,
    alive: async (user) =>
      (await manage<{ sessions: { id: string }[] }>('GET', `/users/${user}/sessions`)).sessions.map(
        ({ id }) => id,
      ),
    revoke: (user, session) => manage('DELETE', `/users/${user}/sessions/${session}`),
    async countEvents(type) {
      let count = 0
      for (let cursor: string | undefined = ''; cursor !== undefined;) {
        const page: { events: unknown[]; next_cursor?: string } = await manage(
          'GET',
          `/events?type=${type}&limit=500${cursor && `&cursor=${cursor}`}`,
        )
        count += page.events.length
        cursor = page.next_cursor
      }
      return count
    },
    async close() {
      await sessions.close()
      await store.close()
      rmSync(folder, { recursive: true })
    },
  }
  return server
}
