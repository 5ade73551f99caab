import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { AuthResult } from '@tokenkeep/protocol'

/** An honest client: it keeps a pair only when it has it, and tries again with the same attempt until it does. */
interface Client {
  readonly userId: string
  token: string
  attempt: string
  lastAttempt: string | undefined
  /** Signed out, and told so. */
  over: boolean
}

export interface SwarmOptions {
  /** Servers of one store: each request goes to any of them. */
  readonly urls: readonly string[]
  readonly key: string
  readonly clients: number
}

/** Clients that refresh all the time, lose answers, and now and then sign out, whatever happens to the servers. */
export class Swarm {
  /** What must not be: empty. */
  readonly faults: string[] = []
  refreshes = 0
  /** Requests without an answer, or with one that said to come back. */
  retries = 0
  readonly #options: SwarmOptions
  readonly #clients: Client[] = []
  #running: Promise<unknown> = Promise.resolve()
  #stopping = new AbortController()

  constructor(options: SwarmOptions) {
    this.#options = options
  }

  async #ask(
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<Response | undefined> {
    const { urls } = this.#options
    const url = urls[Math.floor(Math.random() * urls.length)]!
    try {
      const answer = await fetch(`${url}/v1/apps/demo${path}`, {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(10_000),
      })
      if (answer.status < 500) return answer
      if (answer.status !== 503)
        this.faults.push(`${method} ${path}: ${answer.status} ${await answer.text()}`)
      else await answer.arrayBuffer()
    } catch {
      // Nobody there, or gone before the answer.
    }
    this.retries += 1
    await setTimeout(50)
    return undefined
  }

  /** Asks until there is an answer; each time with a body of its own, where a lost answer may have done its work. */
  async #insist(
    method: string,
    path: string,
    body: () => object,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    for (;;) {
      const answer = await this.#ask(method, path, body(), headers)
      if (answer) return answer
    }
  }

  async #manage<T>(path: string, body: () => object): Promise<T> {
    const answer = await this.#insist('POST', path, body, { authorization: `Bearer ${this.#options.key}` })
    return (await answer.json()) as T
  }

  async #signIn(): Promise<Client> {
    const { user } = await this.#manage<{ user: { id: string } }>('/users', () => ({
      identifier: randomUUID(),
    }))
    const { auth_result } = await this.#manage<{ auth_result: AuthResult }>(
      `/users/${user.id}/sessions`,
      () => ({}),
    )
    const token = auth_result.refresh_token!
    const client = { userId: user.id, token, attempt: randomUUID(), lastAttempt: undefined, over: false }
    this.#clients.push(client)
    return client
  }

  async open(): Promise<void> {
    await Promise.all(Array.from({ length: this.#options.clients }, () => this.#signIn()))
  }

  async #refresh(client: Client, loses = 0): Promise<void> {
    const answer = await this.#ask(
      'POST',
      '/tokens',
      { refresh_token: client.token },
      {
        'idempotency-key': client.attempt,
        ...(client.lastAttempt && { 'tokenkeep-last-attempt': client.lastAttempt }),
      },
    )
    if (!answer) return
    const body = (await answer.json().catch(() => undefined)) as { auth_result?: AuthResult } | undefined
    // The answer is lost between the server and here.
    if (Math.random() < loses || !body) return
    if (!body.auth_result) {
      this.faults.push(`a live session is refused: ${answer.status} ${JSON.stringify(body)}`)
      client.over = true
      return
    }
    client.lastAttempt = client.attempt
    client.token = body.auth_result.refresh_token!
    client.attempt = randomUUID()
    this.refreshes += 1
  }

  async #signOut(client: Client): Promise<void> {
    client.over = true
    await this.#insist('DELETE', '/tokens', () => ({ refresh_token: client.token }))
  }

  start({ signOuts = 0 }: { signOuts?: number } = {}): void {
    this.#stopping = new AbortController()
    const { signal } = this.#stopping
    const live = async (first: Client): Promise<void> => {
      let client = first
      while (!signal.aborted) {
        if (client.over) client = await this.#signIn()
        else if (Math.random() < signOuts) await this.#signOut(client)
        else await this.#refresh(client, 0.1)
      }
    }
    this.#running = Promise.all(this.#clients.map(live))
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  /** Each client refreshes `times` times, and nothing is lost. */
  async refreshEach(times: number): Promise<void> {
    await Promise.all(
      this.#clients.map(async (client) => {
        for (let i = 0; i < times; i++) if (!client.over) await this.#refresh(client)
      }),
    )
  }

  /** With all servers up: who is live refreshes twice, who is out does not; and nobody else was accused. */
  async check(): Promise<{ live: number; over: number }> {
    const over = this.#clients.filter((client) => client.over)
    await this.refreshEach(2)
    for (const { token } of over) {
      const answer = await this.#insist('POST', '/tokens', () => ({ refresh_token: token }))
      if (answer.status === 201) this.faults.push('a session that was signed out refreshes')
      await answer.arrayBuffer()
    }
    return { live: this.#clients.length - over.length, over: over.length }
  }
}
