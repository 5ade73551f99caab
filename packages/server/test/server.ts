import type { AuthResult } from '@tokenkeep/protocol'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApiKey } from '../src/tokens/api-keys.ts'
import { prepareConsole } from '../src/operations/console-app.ts'
import { deriveKeys } from '../src/tokens/derived-keys.ts'
import { readMasterKey } from '../src/tokens/master-key.ts'
import { listen, type ListenOptions } from '../src/http/listen.ts'
import type { SessionServer } from '../src/http/session-server.ts'
import { createSessionServer, type SessionServerOptions } from '../src/server.ts'
import { StoreUnavailableError } from '../src/store/database.ts'
import { openStore, type Store } from '../src/store/store.ts'
import { app, origin } from './world.ts'
import { freePort } from '../../../scripts/lib/free-port.ts'

export { origin }

export const demo = {
  ...app,
  additional_auth_origins: ['https://admin.app.example'],
  redirect_url: `${origin}/`,
}

export interface Ask {
  readonly body?: unknown
  readonly form?: Record<string, string> | string
  readonly headers?: Record<string, string>
}

export interface TestServer {
  readonly folder: string
  readonly store: Store
  /** Set `down` to make every call of the store fail. */
  readonly database: { down: boolean }
  readonly server: SessionServer
  readonly url: string
  readonly port: number
  /** An API key of the app `demo`. */
  readonly key: string
  /** Sends a request to a path below the app `demo`, or to an absolute path with `//path`. */
  ask(method: string, path: string, ask?: Ask): Promise<Response>
  manage(method: string, path: string, body?: unknown): Promise<Response>
  /** Creates an API key of the Console, which manages every app. */
  adminKey(): Promise<string>
  /** Opens a session of a new user. */
  signIn(identifier?: string): Promise<{ userId: string; result: AuthResult }>
  refresh(token: string | undefined, headers?: Record<string, string>): Promise<Response>
  stop(): Promise<void>
}

/** The same store, but every call fails while the database is down. */
function breakable(store: Store, database: { readonly down: boolean }): Store {
  const fail = async () => {
    throw new StoreUnavailableError('connect ECONNREFUSED')
  }
  const watch = <T extends object>(part: T): T =>
    new Proxy(part, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        if (typeof value === 'object' && value !== null) return watch(value)
        return database.down && name !== 'close' ? fail : value
      },
    })
  return watch(store)
}

/** Starts a session server over HTTP with the app `demo`, on a new SQLite folder or on `storeUrl`. */
export async function startServer(
  options: Partial<SessionServerOptions> = {},
  timeouts: Partial<ListenOptions> = {},
  storeUrl?: string,
): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'tokenkeep-'))
  const store = await openStore(storeUrl ?? folder)
  await store.apps.add('demo', demo, 'system', Date.now())
  await store.apps.add('other', demo, 'system', Date.now())
  const { secret: key } = await createApiKey(store, 'demo', 'tests', 'system', Date.now())
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const database = { down: false }
  const server = createSessionServer({
    store: breakable(store, database),
    keys: deriveKeys(readMasterKey(folder)),
    baseUrl: url,
    ...options,
  })
  const listening = await listen(server, {
    port,
    host: '127.0.0.1',
    headersTimeout: 10,
    requestTimeout: 30,
    ...timeouts,
  })

  const ask = (method: string, path: string, { body, form, headers = {} }: Ask = {}): Promise<Response> =>
    fetch(path.startsWith('//') ? url + path.slice(1) : `${url}/v1/apps/demo${path}`, {
      method,
      headers: {
        ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(form !== undefined && { body: new URLSearchParams(form).toString() }),
      redirect: 'manual',
    })
  const manage = (method: string, path: string, body?: unknown): Promise<Response> =>
    ask(method, path, { body, headers: { authorization: `Bearer ${key}` } })

  let users = 0
  return {
    folder,
    store,
    database,
    server,
    url,
    port,
    key,
    ask,
    manage,
    async adminKey() {
      await prepareConsole(store, url, Date.now())
      return (await createApiKey(store, 'console', 'tests', 'system', Date.now())).secret
    },
    async signIn(identifier = `user-${++users}`) {
      const { user } = (await (await manage('POST', '/users', { identifier })).json()) as {
        user: { id: string }
      }
      const opened = await manage('POST', `/users/${user.id}/sessions`)
      const { auth_result: result } = (await opened.json()) as { auth_result: AuthResult }
      return { userId: user.id, result }
    },
    refresh: (token, headers) =>
      ask('POST', '/tokens', { body: { refresh_token: token }, ...(headers && { headers }) }),
    async stop() {
      await Promise.all([listening.close(1), server.close()])
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
