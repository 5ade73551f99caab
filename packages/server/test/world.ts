import type { AuthResult } from '@tokenkeep/protocol'
import { afterAll } from 'vitest'
import {
  appProfile,
  createApiKey,
  createSessionServer,
  deriveKeys,
  type Keys,
  type SessionServer,
} from '../src/index.ts'
import { parseId } from '../src/store/ids.ts'
import type { Database, Statement } from '../src/store/database.ts'
import type { Session } from '../src/store/session-row.ts'
import { openDatabase, createStore, type Store } from '../src/store/store.ts'
import type { Place } from './stores.ts'

/** A request with it may read the metrics. */
export const METRICS_TOKEN = 'the token of the tests'

export const origin = 'https://app.example'
export const baseUrl = 'https://auth.example'
export const minute = 60_000
export const day = 86_400_000

export const app = appProfile({
  name: 'Demo',
  auth_origin: origin,
  redirect_url: '/',
  public_signup: true,
  refresh_enabled: true,
})

export interface SignedIn {
  readonly userId: string
  readonly sessionId: string
  readonly result: AuthResult
}

/** A session server on its own store, with a clock that tests set. */
export interface World {
  /** The URL of the store. */
  readonly url: string
  readonly database: Database
  readonly store: Store
  readonly server: SessionServer
  readonly key: string
  /** Counts the statements that are sent to the database, except those of statistics: a timer writes them at any time. */
  readonly sent: { statements: number }
  /** Milliseconds since the epoch. */
  now: number
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
  manage(method: string, path: string, body?: unknown): Promise<Response>
  signIn(identifier?: string): Promise<SignedIn>
  refresh(token: string, retryId?: string, lastRetryId?: string): Promise<Response>
  row(session: SignedIn): Promise<Session | undefined>
  close(): Promise<void>
}

export const masterKey = Buffer.alloc(32, 7)

export const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<string, unknown> & {
    sid: string
    sub: string
    exp: number
    auth_time: number
  }

export async function resultOf(response: Response | Promise<Response>): Promise<AuthResult> {
  const answer = await response
  const body = (await answer.json()) as { auth_result?: AuthResult }
  if (!body.auth_result) throw new Error(`${answer.status} ${JSON.stringify(body)}`)
  return body.auth_result
}

const isOfStatistics = ({ strings }: Statement): boolean => strings[0]!.includes('INTO statistics')

export async function createWorld(url: string, keys: Keys = deriveKeys(masterKey)): Promise<World> {
  const real = await openDatabase(url)
  const sent = { statements: 0 }
  const count = <T>(statements: number, rows: T): T => {
    sent.statements += statements
    return rows
  }
  const database: Database = {
    ...real,
    query: (statement) => count(1, real.query(statement)),
    queryUnsynced: (statement) => count(Number(!isOfStatistics(statement)), real.queryUnsynced(statement)),
    transaction: (first, ...then) => count(1 + then.length, real.transaction(first, ...then)),
  }
  const store = createStore(database)
  const start = 1_700_000_000_000
  await store.apps.add('demo', app, 'system', start)
  const { secret: key } = await createApiKey(store, 'demo', 'tests', 'system', start)
  const server = createSessionServer({
    store,
    keys,
    baseUrl,
    now: () => world.now,
    metricsToken: METRICS_TOKEN,
    limits: { failuresPerAddress: 1e6, signUpsPerAddress: 1e6 },
  })

  const world: World = {
    url,
    database,
    store,
    server,
    key,
    sent,
    now: start,
    async ask(method, path, body, headers = {}) {
      const target = path.startsWith('//') ? baseUrl + path.slice(1) : `${baseUrl}/v1/apps/demo${path}`
      return server.fetch(
        new Request(target, {
          method,
          headers,
          ...(body !== undefined && { body: JSON.stringify(body) }),
        }),
      )
    },
    manage: (method, path, body) => world.ask(method, path, body, { authorization: `Bearer ${key}` }),
    async signIn(identifier = `user-${crypto.randomUUID()}`) {
      await world.manage('POST', '/users', { identifier })
      const found = await world.manage('GET', `/users?identifier=${identifier}`)
      const { users } = (await found.json()) as { users: [{ id: string }] }
      const userId = users[0].id
      const result = await resultOf(world.manage('POST', `/users/${userId}/sessions`))
      return { userId, sessionId: claimsOf(result.auth_token).sid, result }
    },
    refresh: (token, retryId, lastRetryId) =>
      world.ask(
        'POST',
        '/tokens',
        { refresh_token: token },
        {
          ...(retryId && { 'idempotency-key': retryId }),
          ...(lastRetryId && { 'tokenkeep-last-attempt': lastRetryId }),
        },
      ),
    row: ({ userId, sessionId }) => store.sessions.find('demo', parseId(userId)!, parseId(sessionId)!),
    async close() {
      await server.close()
      await store.close()
    },
  }
  return world
}

/** Creates a world that is closed after the suite. Await it inside `describe`. */
export async function worldOfSuite(make: () => Promise<Place>): Promise<World> {
  const place = await make()
  const world = await createWorld(place.url)
  afterAll(async () => {
    await world.close()
    place.remove()
  })
  return world
}
