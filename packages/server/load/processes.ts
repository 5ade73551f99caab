import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const main = join(import.meta.dirname, '..', 'src', 'main.ts')
const run = promisify(execFile)

/** Starts a program of this package, and waits until it answers on the port. */
export async function start(
  args: readonly string[],
  port: number,
  nodeOptions: readonly string[] = [],
): Promise<ChildProcess> {
  const server = spawn(process.execPath, [...nodeOptions, '--conditions=source', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  for (;;) {
    if (server.exitCode !== null) throw new Error('the server has stopped: see its output above')
    const up = await fetch(`http://127.0.0.1:${port}/livez`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (up) return server
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

export async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return
  server.kill('SIGTERM')
  await new Promise((resolve) => server.once('exit', resolve))
}

/** CPU seconds and resident bytes of a process, from the kernel. */
export async function useOf({ pid }: ChildProcess): Promise<{ cpu: number; memory: number }> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { cpu: (Number(fields[11]) + Number(fields[12])) / 100, memory: Number(fields[21]) * 4096 }
}

/** A store on SQLite with the app `load`. */
export interface Installation {
  readonly folder: string
  /** The arguments that serve it on a port of this machine. */
  serving(port: number): string[]
  /** Creates an API key. */
  createKey(): Promise<string>
  remove(): void
}

export async function install(): Promise<Installation> {
  const folder = mkdtempSync(join(tmpdir(), 'tokenkeep-load-'))
  const cli = (...args: string[]) =>
    run(process.execPath, ['--conditions=source', main, ...args, '--store', folder])
  const app = { id: 'load', name: 'Load', 'auth-origin': 'https://app.example', 'redirect-url': '/' }
  await cli(
    'apps',
    'create',
    '--refresh',
    ...Object.entries(app).flatMap(([name, value]) => [`--${name}`, value]),
  )
  return {
    folder,
    serving: (port) => [main, 'serve', '--store', folder, '--port', String(port), '--host', '127.0.0.1'],
    createKey: async () => (await cli('api-keys', 'create', '--app', 'load')).stdout.trim(),
    remove: () => rmSync(folder, { recursive: true }),
  }
}
