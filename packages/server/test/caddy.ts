import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { findProgram } from './programs.ts'

export interface Caddy {
  readonly url: string
  stop(): Promise<void>
}

/** Starts Caddy with its default settings and these directives. A block in braces needs lines of its own. */
export async function startCaddy(port: number, directives: string): Promise<Caddy> {
  const program = await findProgram('caddy', 'caddy')
  const folder = mkdtempSync(join(tmpdir(), 'tokenkeep-caddy-'))
  const url = `http://127.0.0.1:${port}`
  const file = join(folder, 'Caddyfile')
  writeFileSync(file, `{\n  admin off\n  auto_https off\n}\n${url} {\n${directives}\n}\n`)
  const child = spawn(program, ['run', '--config', file, '--adapter', 'caddyfile'], {
    stdio: 'ignore',
    env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  })
  const exited = once(child, 'exit')
  while (child.exitCode === null && !(await fetch(url).catch(() => undefined))) await setTimeout(30)
  if (child.exitCode !== null) throw new Error(`Caddy ended with ${child.exitCode}`)
  return {
    url,
    async stop() {
      child.kill('SIGTERM')
      await exited
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
