import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { AuthResult } from '@tokenkeep/protocol'
import { seededRandom } from './seed.ts'

/** An honest client. It repeats a refresh with the same retry id until it has received the token response. */
interface Client {
  readonly userId: string
  readonly random: () => number
  token: string
  retryId: string
  lastRetryId: string | undefined
  /** The client has signed out, or its session was refused. */
  signedOut: boolean
}

export interface SwarmOptions {
  /** Servers of one store. Each request goes to a random one. */
  readonly urls: readonly string[]
  readonly key: string
  readonly clients: number
}

const REQUEST_TIMEOUT_MS = 60_000
const RETRY_DELAY_MS = 50
/** The share of refreshes whose response is lost between the server and the client. */
const LOSS = 0.1

/** Clients that refresh all the time, lose responses and sometimes sign out. Tests crash servers and databases meanwhile. */
export class Swarm {
  /** Violations of a guarantee. A test expects none. */
  readonly faults: string[] = []
  refreshes = 0
  /** Requests without a response, or with a 503. */
  retries = 0
  readonly #options: SwarmOptions
  readonly #clients: Client[] = []
  readonly #random = seededRandom()
  #opened = 0
  #running: Promise<unknown> = Promise.resolve()
  #stopping = new AbortController()

  constructor(options: SwarmOptions) {
    this.#options = options
  }

  async #ask(
    method: string,
    path: string,
    random: () => number,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<Response | undefined> {
    const { urls } = this.#options
    const url = urls[Math.floor(random() * urls.length)]!
    try {
      const response = await fetch(`${url}/v1/apps/demo${path}`, {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      })
      if (response.status < 500) return response
      if (response.status !== 503)
        this.faults.push(`${method} ${path}: ${response.status} ${await response.text()}`)
      else await response.arrayBuffer()
    } catch {
      // The server is down, or stopped before it responded.
    }
    this.retries += 1
    await setTimeout(RETRY_DELAY_MS)
    return undefined
  }

  /** Repeats a request until it gets a response. `body` is called for each try, because a lost try can have succeeded. */
  async #askUntilAnswered(
    method: string,
    path: string,
    random: () => number,
    body: () => object,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    for (;;) {
      const response = await this.#ask(method, path, random, body(), headers)
      if (response) return response
    }
  }

  async #manage<T>(path: string, random: () => number, body: () => object): Promise<T> {
    const headers = { authorization: `Bearer ${this.#options.key}` }
    const response = await this.#askUntilAnswered('POST', path, random, body, headers)
    return (await response.json()) as T
  }

  async #signIn(): Promise<Client> {
    const random = seededRandom(++this.#opened)
    const { user } = await this.#manage<{ user: { id: string } }>('/users', random, () => ({
      identifier: randomUUID(),
    }))
    const path = `/users/${user.id}/sessions`
    const { auth_result } = await this.#manage<{ auth_result: AuthResult }>(path, random, () => ({}))
    const client = {
      userId: user.id,
      random,
      token: auth_result.refresh_token!,
      retryId: randomUUID(),
      lastRetryId: undefined,
      signedOut: false,
    }
    this.#clients.push(client)
    return client
  }

  async open(): Promise<void> {
    await Promise.all(Array.from({ length: this.#options.clients }, () => this.#signIn()))
  }

  /** Tries one refresh. Returns false if it must be tried again. `loss`: the probability that the response is lost. */
  async #refresh(client: Client, loss = 0): Promise<boolean> {
    const response = await this.#ask(
      'POST',
      '/tokens',
      client.random,
      { refresh_token: client.token },
      {
        'idempotency-key': client.retryId,
        ...(client.lastRetryId && { 'tokenkeep-last-attempt': client.lastRetryId }),
      },
    )
    if (!response) return false
    const body = (await response.json().catch(() => undefined)) as { auth_result?: AuthResult } | undefined
    if (client.random() < loss || !body) return false
    if (!body.auth_result) {
      this.faults.push(`a live session is refused: ${response.status} ${JSON.stringify(body)}`)
      client.signedOut = true
      return true
    }
    client.lastRetryId = client.retryId
    client.token = body.auth_result.refresh_token!
    client.retryId = randomUUID()
    this.refreshes += 1
    return true
  }

  async #signOut(client: Client): Promise<void> {
    client.signedOut = true
    const body = () => ({ refresh_token: client.token })
    await this.#askUntilAnswered('DELETE', '/tokens', client.random, body)
  }

  start({ signOuts = 0 }: { signOuts?: number } = {}): void {
    this.#stopping = new AbortController()
    const { signal } = this.#stopping
    const live = async (first: Client): Promise<void> => {
      let client = first
      while (!signal.aborted) {
        if (client.signedOut) client = await this.#signIn()
        else if (client.random() < signOuts) await this.#signOut(client)
        else await this.#refresh(client, LOSS)
      }
    }
    this.#running = Promise.all(this.#clients.map(live))
  }

  /** Resolves after this many more refreshes. */
  async progress(refreshes: number): Promise<void> {
    const target = this.refreshes + refreshes
    while (this.refreshes < target) await setTimeout(20)
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  /** Each client refreshes `times` times, and no response is lost. */
  async refreshEach(times: number): Promise<void> {
    await Promise.all(
      this.#clients.map(async (client) => {
        for (let i = 0; i < times && !client.signedOut; i++) while (!(await this.#refresh(client)));
      }),
    )
  }

  /** Checks that live sessions refresh twice and that signed-out sessions do not refresh. All servers must be running. */
  async check(): Promise<{ live: number; signedOut: number }> {
    const signedOut = this.#clients.filter((client) => client.signedOut)
    await this.refreshEach(2)
    for (const { token } of signedOut) {
      const body = () => ({ refresh_token: token })
      const response = await this.#askUntilAnswered('POST', '/tokens', this.#random, body)
      if (response.status === 201) this.faults.push('a session that was signed out refreshes')
      await response.arrayBuffer()
    }
    return { live: this.#clients.length - signedOut.length, signedOut: signedOut.length }
  }
}
