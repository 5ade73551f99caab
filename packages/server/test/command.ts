import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { vi } from 'vitest'
import { runCommand } from '../src/cli/run.ts'
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
/** Runs the command in this process: a process of its own needs a second to start. Run one command at a time. */
export async function runHere(...args: readonly string[]): Promise<Run> {
  const output = { out: '', err: '' }
  const keep = (name: 'out' | 'err') => (chunk: unknown) => ((output[name] += String(chunk)), true)
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(keep('out') as typeof process.stdout.write),
    vi.spyOn(process.stderr, 'write').mockImplementation(keep('err') as typeof process.stderr.write),
  ]
  try {
    return { code: await runCommand(args), ...output }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}
/** Waits until the command has printed the text. */
export const waitForOutput = async ({ output, ended }: Running, text: string): Promise<void> => {
  while (!`${output.out}${output.err}`.includes(text)) {
    const result = await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 20))])
    if (result) throw new Error(`the command ended without printing: ${text}\n${output.out}${output.err}`)
  }
}
