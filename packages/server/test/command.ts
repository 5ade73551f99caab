import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { origin } from './world.ts'

const main = join(import.meta.dirname, '..', 'src', 'main.ts')
/** What makes the app `demo`. */
export const createDemo: readonly string[] =
  `apps create --id demo --name Demo --auth-origin ${origin} --redirect-url ${origin}`.split(' ')

export interface Run {
  readonly code: number | null
  readonly out: string
  readonly err: string
}
export interface Running {
  readonly child: ChildProcess
  readonly said: { out: string; err: string }
  readonly ended: Promise<Run>
}

/** Runs the command as its users do: in a process of its own. `limit`: 512-byte blocks that a file of it may have. */
export function startCommand(args: readonly string[], env: NodeJS.ProcessEnv = {}, limit?: number): Running {
  const command = [process.execPath, '--conditions=source', main, ...args]
  const limited =
    limit === undefined ? command : ['sh', '-c', `ulimit -f ${limit}; exec "$@"`, 'sh', ...command]
  const [file, ...rest] = limited
  const child = spawn(file!, rest, { env: { ...process.env, ...env } })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk) => (said.out += chunk))
  child.stderr.on('data', (chunk) => (said.err += chunk))
  return {
    child,
    said,
    ended: once(child, 'close').then(([code]) => ({ code: code as number | null, ...said })),
  }
}
/** Waits for what a command has not said yet. */
export const says = async ({ said, ended }: Running, text: string): Promise<void> => {
  while (!`${said.out}${said.err}`.includes(text)) {
    const over = await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 20))])
    if (over) throw new Error(`ended without: ${text}\n${said.out}${said.err}`)
  }
}
