import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../../..', import.meta.url))

interface Options {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly onLine?: (line: string) => void
  /** Receives each line of the program's standard error. Without it, this process prints the lines. */
  readonly onErrorLine?: (line: string) => void
}

/** Starts a Node program that keeps running. */
export const startNode = (
  args: readonly string[],
  { cwd = root, env, onLine, onErrorLine }: Options,
): ChildProcess => {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', onErrorLine ? 'pipe' : 'inherit'],
  })
  createInterface({ input: child.stdout! }).on('line', (line) => onLine?.(line))
  if (child.stderr) createInterface({ input: child.stderr }).on('line', (line) => onErrorLine?.(line))
  return child
}

export const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await gone
}

/** Waits until a program responds with a 2xx status. Throws if it has ended, or after 120 seconds. */
export const ready = async (child: ChildProcess, url: string): Promise<void> => {
  const until = Date.now() + 120_000
  while (Date.now() < until && child.exitCode === null && child.signalCode === null) {
    const response = await fetch(url).catch(() => undefined)
    if (response?.ok) return
    await sleep(50)
  }
  throw new Error(`${url} did not respond (exit code ${child.exitCode ?? 'none yet'})`)
}
