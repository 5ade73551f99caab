import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { masterKey } from './world.ts'

const main = join(import.meta.dirname, '..', 'src', 'main.ts')

/** A session server in its own process. It keeps its port when it is restarted. */
export class ServerProcess {
  readonly url: string
  readonly #args: readonly string[]
  #child: ChildProcess | undefined
  #output = ''

  constructor(store: string, port: number) {
    this.url = `http://127.0.0.1:${port}`
    const at = ['--port', `${port}`, '--host', '127.0.0.1', '--base-url', this.url]
    this.#args = ['--conditions=source', main, 'serve', '--store', store, ...at, '--log-level', 'warn']
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, this.#args, {
      env: { ...process.env, TOKENKEEP_MASTER_KEY: masterKey.toString('base64url') },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    child.stderr!.on('data', (chunk: Buffer) => (this.#output += chunk.toString()))
    this.#child = child
    while (child.exitCode === null) {
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined)
      if (answer?.ok) return
      await setTimeout(20)
    }
    throw new Error(`the server did not start: ${this.#output}`)
  }

  /** SIGKILL is like a crash, SIGTERM is an orderly stop. */
  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }
}
