import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createCluster, findPrograms } from '../../../../../packages/server/test/cluster.ts'

/** Creates an empty store, and deletes it after `work`. */
export interface Place {
  readonly name: string
  within<T>(work: (store: string) => Promise<T>): Promise<T>
}

const sqlite: Place = {
  name: 'SQLite',
  async within(work) {
    const folder = mkdtempSync(join(tmpdir(), 'tokenkeep-bench-'))
    try {
      return await work(folder)
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
}

/** With these settings, bulk filling needs no log and sorts its indexes in memory. All others are PostgreSQL's defaults. */
const settings = ['wal_level=minimal', 'max_wal_senders=0', 'maintenance_work_mem=256MB']

const postgres: Place = {
  name: 'PostgreSQL',
  async within(work) {
    const cluster = await createCluster(settings)
    try {
      return await work(await cluster.createDatabase())
    } finally {
      await cluster.stop()
    }
  },
}

export const places = [sqlite, postgres]

export async function versions(): Promise<Record<string, string>> {
  const { stdout } = await promisify(execFile)(join(await findPrograms(), 'postgres'), ['--version'])
  return { PostgreSQL: /[\d.]+/.exec(stdout)![0], SQLite: process.versions['sqlite'] ?? '' }
}

/** Returns how much disk space is free for stores. Bytes. */
export function free(): number {
  const { bavail, bsize } = statfsSync(tmpdir())
  return bavail * bsize
}
