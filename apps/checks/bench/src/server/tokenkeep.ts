import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { connection, type Connection } from '../../../../../packages/server/load/client.ts'
import { killAtExit } from '../frame/children.ts'
import { app } from '../frame/places.ts'
import { freePort } from '../../../../../scripts/lib/free-port.ts'

const server = join(app, '..', '..', 'packages', 'server')
const command = join(server, 'dist', 'main.js')
const floor = join(server, 'load', 'floor.ts')
const run = promisify(execFile)

/** The session server as its command runs it. Its log is on, but discarded. */
export interface Tokenkeep {
  readonly port: number
  readonly pid: number
  stop(): Promise<void>
}

/** A store (a folder or a `postgres://` URL) with one app in it. The app's auth tokens live 300 seconds. */
export class Installation {
  readonly store: string
  /** 32 bytes in base64url. */
  readonly masterKey = randomBytes(32).toString('base64url')
  readonly #env: NodeJS.ProcessEnv
  #key = ''

  private constructor(store: string) {
    this.store = store
    this.#env = { ...process.env, TOKENKEEP_MASTER_KEY: this.masterKey }
  }

  /** The header that authorizes requests to the management API. */
  get authorization(): string {
    return `authorization: Bearer ${this.#key}\r\n`
  }

  static async create(store: string): Promise<Installation> {
    const made = new Installation(store)
    const origins = ['--auth-origin', 'https://app.example', '--redirect-url', 'https://app.example/']
    await made.#cli('apps', 'create', '--id', 'bench', '--name', 'Bench', ...origins, '--refresh')
    made.#key = await made.#cli('api-keys', 'create', '--app', 'bench')
    return made
  }

  /** Starts one process. Several processes may share the store. */
  async start(): Promise<Tokenkeep> {
    const port = await freePort()
    return this.#start(port, [
      command,
      'serve',
      '--store',
      this.store,
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
    ])
  }

  /** Starts a server on the same store that does only the necessary work of a refresh. */
  async startFloor(): Promise<Tokenkeep> {
    const port = await freePort()
    return this.#start(port, ['--conditions=source', floor, this.store, String(port), 'bench'])
  }

  async #start(port: number, args: readonly string[]): Promise<Tokenkeep> {
    const child = spawn(process.execPath, args, {
      env: { ...this.#env, NODE_ENV: 'production' },
      stdio: 'ignore',
    })
    killAtExit(child)
    await waitUntilReady(child, `http://127.0.0.1:${port}/livez`)
    return {
      port,
      pid: child.pid!,
      async stop() {
        const gone = once(child, 'exit')
        child.kill('SIGTERM')
        await gone
      },
    }
  }

  /** Opens sessions through the management API, ten per user. Returns their refresh tokens. */
  async openSessions(port: number, count: number): Promise<string[]> {
    const tokens: string[] = []
    const ask = async <T>(to: Connection, path: string, body: object): Promise<T> =>
      JSON.parse(
        (await to.ask('POST', `/v1/apps/bench${path}`, JSON.stringify(body), this.authorization)).body,
      ) as T
    const open = async (to: Connection): Promise<void> => {
      while (tokens.length < count) {
        const { user } = await ask<{ user: { id: string } }>(to, '/users', { identifier: randomUUID() })
        for (let session = 0; session < 10; session++) {
          type Opened = { auth_result: { refresh_token: string } }
          tokens.push((await ask<Opened>(to, `/users/${user.id}/sessions`, {})).auth_result.refresh_token)
        }
      }
    }
    const connections = Array.from({ length: 4 }, () => connection(port))
    await Promise.all(connections.map(open))
    for (const each of connections) each.close()
    return tokens
  }

  async #cli(...args: string[]): Promise<string> {
    const all = [command, ...args, '--store', this.store]
    return (await run(process.execPath, all, { env: this.#env })).stdout.trim()
  }
}

async function waitUntilReady(child: ChildProcess, url: string): Promise<void> {
  while (child.exitCode === null) {
    const up = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    )
    if (up) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the session server has stopped before it was ready')
}
