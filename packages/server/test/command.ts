import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { origin } from './world.ts'

/** The path of the command's program. */
export const mainOfCommand = join(import.meta.dirname, '..', 'src', 'main.ts')
/** The arguments that create the app `demo`. */
export const createDemo: readonly string[] =
  `apps create --id demo --name Demo --auth-origin ${origin} --redirect-url ${origin}`.split(' ')

export interface Run {
  readonly code: number | null
  readonly out: string
  readonly err: string
}
export interface Running {
  readonly child: ChildProcess
  readonly output: { out: string; err: string }
  readonly ended: Promise<Run>
}

/** Runs the command in its own process. `limit`: the maximum size of its files, in blocks of 512 bytes. */
export function startCommand(args: readonly string[], env: NodeJS.ProcessEnv = {}, limit?: number): Running {
  const command = [process.execPath, '--conditions=source', mainOfCommand, ...args]
  const limited =
    limit === undefined ? command : ['sh', '-c', `ulimit -f ${limit}; exec "$@"`, 'sh', ...command]
  const [file, ...rest] = limited
  const child = spawn(file!, rest, { env: { ...process.env, ...env } })
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk) => (output.out += chunk))
  child.stderr.on('data', (chunk) => (output.err += chunk))
  return {
    child,
    output,
    ended: once(child, 'close').then(([code]) => ({ code: code as number | null, ...output })),
  }
}
/** Waits until the command has printed the text. */
export const waitForOutput = async ({ output, ended }: Running, text: string): Promise<void> => {
  while (!`${output.out}${output.err}`.includes(text)) {
    const result = await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 20))])
    if (result) throw new Error(`the command ended without printing: ${text}\n${output.out}${output.err}`)
  }
}
