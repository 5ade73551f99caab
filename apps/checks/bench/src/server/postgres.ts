import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createCluster, type Cluster } from '../../../../../packages/server/test/cluster.ts'
import { cpuOfFamily } from './cpu.ts'

const run = promisify(execFile)

/** How many connections pgbench has. The load has as many. */
export const clients = 16

/** A PostgreSQL for this bench. It is on the disk and has the default settings, so that a commit really waits for the disk. */
export interface Postgres {
  readonly version: string
  createDatabase(): Promise<string>
  /** Returns the CPU time that all its processes have used so far. Microseconds. */
  cpu(): number
  /** Runs a pgbench script over 16 connections, and resolves to transactions per second. `durable`: each commit waits for the disk. */
  pgbench(url: string, script: string, seconds: number, durable: boolean): Promise<number>
  stop(): Promise<void>
}

const debian = '/usr/lib/postgresql'

/** pgbench is in the folder of the server that `createCluster` has found or installed. */
function program(name: string): string {
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : []
  const folders = [process.env['PG_BIN'], ...versions.map((version) => join(debian, version, 'bin'))]
  return join(folders.find((folder) => folder && existsSync(join(folder, name))) ?? '', name)
}

/** The folder of the socket and of the data. */
const folderOf = (url: string): string =>
  new URL(url.replace('///', '//localhost/')).searchParams.get('host')!

export async function startPostgres(): Promise<Postgres> {
  const cluster: Cluster = await createCluster(['shared_buffers=256MB'])
  const first = await cluster.createDatabase()
  const folder = folderOf(first)
  const pid = Number(readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0])
  const { stdout } = await run(program('postgres'), ['--version'])
  return {
    version: /[\d.]+/.exec(stdout)![0],
    createDatabase: () => cluster.createDatabase(),
    cpu: () => cpuOfFamily(pid),
    async pgbench(url, script, seconds, durable) {
      const file = join(folder, 'script.sql')
      writeFileSync(file, script)
      const name = new URL(url.replace('///', '//localhost/')).pathname.slice(1)
      const how = ['-n', '-M', 'prepared', '-c', String(clients), '-j', '2', '-T', String(seconds)]
      const all = [...how, '-D', 'k=-1', '-f', file, '-h', folder, '-U', 'postgres', name]
      const env = { ...process.env, PGOPTIONS: `-c synchronous_commit=${durable ? 'on' : 'off'}` }
      const { stdout } = await run(program('pgbench'), all, { env })
      return Number(/tps = ([\d.]+) \(without/.exec(stdout)![1])
    },
    stop: () => cluster.stop(),
  }
}
