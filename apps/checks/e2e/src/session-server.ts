import {
  appProfile,
  createApiKey,
  createClientSecret,
  openStore,
  type AppProfile,
  type Store,
} from '@tokenkeep/server'
import { randomUUID } from 'node:crypto'
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { end, ready, startNode } from './child.ts'

const MAIN = join('packages', 'server', 'dist', 'main.js')

/** Seconds. This is short, so that a test sees many refreshes in a minute. */
export const TOKEN_LIFETIME = 5

export interface LogLine {
  readonly msg?: string
  readonly [field: string]: unknown
}

export interface Refresh extends LogLine {
  readonly outcome: string
  readonly generation: number
}

const parsed = (line: string): LogLine => {
  try {
    return JSON.parse(line) as LogLine
  } catch {
    return { msg: line }
  }
}

/** The real session server in its own process. Its store outlives the process. */
export class SessionServer {
  static readonly appId = 'demo'

  readonly url: string
  readonly log: LogLine[] = []
  /** The link that makes a person the first admin. The server prints it when it starts without an admin. */
  invitation: string | undefined
  /** The folder of its database. */
  readonly store: string
  readonly #port: number
  #child: ChildProcess | undefined
  #key: Promise<string> | undefined

  private constructor(port: number, store: string) {
    this.#port = port
    this.store = store
    this.url = `http://localhost:${port}`
  }

  /** `authTokenLifetime`: how long an auth token lives, in seconds. `settings`: other settings of the app. */
  static async create(
    port: number,
    origin: string,
    name = 'e2e',
    authTokenLifetime = TOKEN_LIFETIME,
    settings: Partial<AppProfile> = {},
  ): Promise<SessionServer> {
    const server = new SessionServer(port, await mkdtemp(join(tmpdir(), 'tokenkeep-e2e-')))
    const profile = appProfile({
      name,
      auth_origin: origin,
      redirect_url: origin,
      public_signup: true,
      refresh_enabled: true,
      session_timeout_length: authTokenLifetime,
      refresh_absolute_lifetime: 86_400,
      refresh_inactivity_lifetime: 3600,
      ...settings,
    })
    await server.#inStore(({ apps }) => apps.add(SessionServer.appId, profile, 'system', Date.now()))
    return server
  }

  createApiKey(name = 'e2e'): Promise<string> {
    return this.#inStore(async (store) => {
      const { secret } = await createApiKey(store, SessionServer.appId, name, 'system', Date.now())
      return secret
    })
  }

  /** Creates a secret with which an app's server authenticates. */
  createClientSecret(): Promise<string> {
    return this.#inStore(async (store) => {
      const { secret } = await createClientSecret(store, SessionServer.appId, 'e2e', 'system', Date.now())
      return secret
    })
  }

  /** Calls the management API with its own key. */
  async manage(method: string, path: string, body?: object): Promise<Response> {
    this.#key ??= this.createApiKey()
    return fetch(`${this.url}/v1/apps/${SessionServer.appId}${path}`, {
      method,
      headers: { authorization: `Bearer ${await this.#key}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
  }

  async start(): Promise<void> {
    const args = [MAIN, 'serve', '--store', this.store, '--port', String(this.#port)]
    this.#child = startNode(args, {
      onLine: (line) => this.log.push(parsed(line)),
      onErrorLine: (line) => {
        this.invitation = /First admin: (\S+)/.exec(line)?.[1] ?? this.invitation
        if (!this.invitation) process.stderr.write(`${line}\n`)
      },
    })
    await ready(this.#child, `${this.url}/readyz`)
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.#child) await end(this.#child, signal)
  }

  async dispose(): Promise<void> {
    await this.stop('SIGKILL')
    await rm(this.store, { recursive: true, force: true })
  }

  refreshes(): readonly Refresh[] {
    return this.log.filter((line): line is Refresh => line.msg === 'refresh')
  }

  /** Sends a refresh token as a thief would. Returns the HTTP status. */
  async refreshStatus(refreshToken: string): Promise<number> {
    const response = await fetch(`${this.url}/v1/apps/${SessionServer.appId}/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refresh_token: refreshToken }),
    })
    return response.status
  }

  /** Ends all sessions of a user, as an app's backend does. */
  async revokeAll(apiKey: string, identifier: string): Promise<void> {
    const users = `${this.url}/v1/apps/${SessionServer.appId}/users`
    const headers = { authorization: `Bearer ${apiKey}` }
    const found = await fetch(`${users}?identifier=${encodeURIComponent(identifier)}`, { headers })
    const { users: matches } = (await found.json()) as { users: { id: string }[] }
    const { ok, status } = await fetch(`${users}/${matches[0]!.id}/tokens`, { method: 'DELETE', headers })
    if (!ok) throw new Error(`the revocation of all sessions got the status ${status}`)
  }

  /** Opens the database in this process, because a command line needs a second to start. The server may be running. */
  async #inStore<Result>(work: (store: Store) => Promise<Result>): Promise<Result> {
    const store = await openStore(this.store)
    try {
      return await work(store)
    } finally {
      await store.close()
    }
  }
}

/** The result of a sign-in that a page passes to its manager. Lifetimes are in seconds. */
export interface Opened {
  readonly auth_token: string
  readonly session_id: string
  readonly user_id: string
  readonly auth_token_expires_in: number
  readonly refresh_token?: string
  readonly absolute_expires_in?: number
  readonly inactivity_expires_in?: number
}

/** Opens a session for a new user by the management API, as an app with its own sign-in does. */
export async function openSession(server: SessionServer): Promise<Opened> {
  const manage = async (path: string, body: object) =>
    (await (await server.manage('POST', path, body)).json()) as { user: { id: string }; auth_result: Opened }
  const { user } = await manage('/users', { identifier: randomUUID() })
  return (await manage(`/users/${user.id}/sessions`, {})).auth_result
}
