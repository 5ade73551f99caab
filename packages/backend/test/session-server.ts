import { mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import {
  appProfile,
  createApiKey,
  createSessionServer,
  deriveKeys,
  openStore,
  readMasterKey,
  type SessionServer,
  type Store,
} from '@tokenkeep/server'
import { createBackend, type Backend, type BackendOptions } from '../src/index.ts'

const origin = 'https://app.example.com'

/** The real session server, with SQLite, over HTTP. It can be stopped and started again. */
export class TestSessionServer {
  readonly #folder: string
  #port = 0
  #store!: Store
  #sessions!: SessionServer
  #http!: Server
  #apiKey!: string

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async create(): Promise<TestSessionServer> {
    const server = new TestSessionServer(await mkdtemp(join(tmpdir(), 'tokenkeep-')))
    await server.start()
    for (const id of ['demo', 'other'])
      await server.#store.apps.add(
        id,
        appProfile({
          name: id,
          auth_origin: origin,
          redirect_url: origin,
          refresh_enabled: true,
          refresh_inactivity_lifetime: 3600,
        }),
        'system',
        Date.now(),
      )
    server.#apiKey = (await createApiKey(server.#store, 'demo', 'test', 'system', Date.now())).secret
    return server
  }

  get url(): string {
    return `http://localhost:${this.#port}`
  }

  backend(options: Partial<BackendOptions> = {}): Backend {
    return createBackend({ url: this.url, appId: 'demo', apiKey: this.#apiKey, ...options })
  }

  /** The environment variables of a program that uses the server. */
  get environment(): Record<string, string> {
    return { TOKENKEEP_URL: this.url, TOKENKEEP_APP_ID: 'demo', TOKENKEEP_API_KEY: this.#apiKey }
  }

  async start(): Promise<void> {
    this.#store = await openStore(this.#folder)
    let handler: SessionServer['fetch'] = () => new Response(null, { status: 503 })
    await new Promise<void>((resolve) => {
      this.#http = serve({ fetch: (request) => handler(request), port: this.#port }, () =>
        resolve(),
      ) as Server
    })
    this.#port = (this.#http.address() as AddressInfo).port
    const keys = deriveKeys(readMasterKey(this.#folder))
    this.#sessions = createSessionServer({ store: this.#store, keys, baseUrl: this.url })
    handler = this.#sessions.fetch
  }

  /** Cuts all connections at once, as a crash does. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#http.close(resolve))
    this.#http.closeAllConnections()
    await closed
    await this.#sessions.close()
    await this.#store.close()
  }

  async dispose(): Promise<void> {
    await this.stop()
    await rm(this.#folder, { recursive: true, force: true })
  }

  /** Refreshes (POST) or signs out (DELETE), as a client does. */
  async tokens(method: 'POST' | 'DELETE', refreshToken: string): Promise<Response> {
    return fetch(`${this.url}/v1/apps/demo/tokens`, {
      method,
      body: JSON.stringify({ refresh_token: refreshToken }),
    })
  }

  /** Calls parts of the management API that the SDK does not cover. */
  async manage(method: string, path: string, body?: object): Promise<void> {
    const headers = { authorization: `Bearer ${this.#apiKey}` }
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) }
    const { ok, status } = await fetch(`${this.url}/v1/apps/demo${path}`, init)
    if (!ok) throw new Error(`${method} ${path} answered ${status}`)
  }
}
