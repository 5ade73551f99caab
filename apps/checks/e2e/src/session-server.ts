import { randomUUID } from 'node:crypto'
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { end, ready, runNode, startNode } from './child.ts'

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

  /** `authTokenLifetime`: how long an auth token lives, in seconds. */
  static async create(
    port: number,
    origin: string,
    name = 'e2e',
    authTokenLifetime = TOKEN_LIFETIME,
  ): Promise<SessionServer> {
    const server = new SessionServer(port, await mkdtemp(join(tmpdir(), 'tokenkeep-e2e-')))
    const addresses = ['--auth-origin', origin, '--redirect-url', origin]
    const lifetimes = [
      '--auth-token-lifetime',
      `${authTokenLifetime}`,
      '--absolute',
      '86400',
      '--inactivity',
      '3600',
    ]
    await server.#cli(
      'apps',
      'create',
      '--id',
      SessionServer.appId,
      '--name',
      name,
      '--public-signup',
      '--refresh',
      ...addresses,
      ...lifetimes,
    )
    return server
  }

  createApiKey(name = 'e2e'): Promise<string> {
    return this.#cli('api-keys', 'create', '--app', SessionServer.appId, '--name', name)
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

  #cli(...args: string[]): Promise<string> {
    return runNode([MAIN, ...args, '--store', this.store])
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
  const headers = { authorization: `Bearer ${await server.createApiKey()}` }
  const manage = async (path: string, body: object) => {
    const url = `${server.url}/v1/apps/${SessionServer.appId}${path}`
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
    return (await response.json()) as { user: { id: string }; auth_result: Opened }
  }
  const { user } = await manage('/users', { identifier: randomUUID() })
  return (await manage(`/users/${user.id}/sessions`, {})).auth_result
}
