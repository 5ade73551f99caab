import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { findProgram } from './programs.ts'

export interface PgBouncer {
  /** The URL of the database through the pooler. */
  readonly url: string
  stop(): Promise<void>
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => (socket.destroy(), resolve(true)))
    socket.once('error', () => resolve(false))
  })

/** Starts PgBouncer in transaction mode with otherwise default settings. `database`: a URL of `cluster.ts`. */
export async function startPgBouncer(port: number, database: string): Promise<PgBouncer> {
  const program = await findProgram('pgbouncer', 'pgbouncer')
  const { pathname, searchParams } = new URL(database)
  const name = pathname.slice(1)
  const folder = mkdtempSync(join(tmpdir(), 'tokenkeep-pgbouncer-'))
  chmodSync(folder, 0o777)
  writeFileSync(
    join(folder, 'pgbouncer.ini'),
    `[databases]
${name} = host=${searchParams.get('host')} user=postgres dbname=${name}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
`,
  )
  // PgBouncer refuses to run as root.
  const as = process.getuid?.() === 0 ? ['-u', 'postgres'] : []
  const child = spawn(program, [...as, join(folder, 'pgbouncer.ini')], { stdio: 'ignore' })
  const exited = once(child, 'exit')
  while (child.exitCode === null && !(await accepts(port))) await setTimeout(30)
  if (child.exitCode !== null) throw new Error(`PgBouncer ended with ${child.exitCode}`)
  return {
    url: `postgres://postgres@127.0.0.1:${port}/${name}`,
    async stop() {
      child.kill('SIGQUIT')
      await exited
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
