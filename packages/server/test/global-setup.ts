import type { TestProject } from 'vitest/node'
import { createCluster } from './cluster.ts'
import { findProgram } from './programs.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The URL of a database in the cluster that all test files of a run share. */
    readonly postgres: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Installs what is missing once, before the test files need it at the same time.
  await findProgram('nginx', 'nginx-light')
  await findProgram('pgbouncer', 'pgbouncer')
  // No test crashes this cluster, so it does not sync to the disk. An autovacuum worker that a busy machine has put to sleep
  // would keep old versions of rows on their pages, so that an update needs another page.
  const cluster = await createCluster(['fsync=off', 'autovacuum=off'])
  project.provide('postgres', await cluster.createDatabase())
  return () => cluster.stop()
}
