import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { killAtExit } from '../frame/children.ts'
import { app } from '../frame/places.ts'

/** A server that is measured. It runs in a process of its own. */
export interface Subject {
  readonly port: number
  readonly pid: number
  /** What the script has printed besides its port. */
  readonly printed: { readonly tokens?: string[] }
  stop(): Promise<void>
}

/** Starts a script. Its first line is JSON with the port that it listens on. */
export async function startSubject(args: readonly string[], env: NodeJS.Dict<string> = {}): Promise<Subject> {
  const child: ChildProcess = spawn(process.execPath, args, {
    cwd: app,
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  killAtExit(child)
  const lines = createInterface(child.stdout!)
  const printed = await new Promise<{ port: number; tokens?: string[] }>((resolve, reject) => {
    lines.on('line', (line) => {
      if (line.includes('"port"')) resolve(JSON.parse(line))
    })
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code}`)))
  })
  return {
    port: printed.port,
    pid: child.pid!,
    printed,
    async stop() {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    },
  }
}
