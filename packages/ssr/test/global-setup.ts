import type { TestProject } from 'vitest/node'
import { createCluster } from '../../server/test/cluster.ts'
import { findProgram } from '../../server/test/programs.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The URL of a database in the cluster that all test files of a run share. */
    readonly postgres: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Installs what is missing once, before the test files need it at the same time.
  await findProgram('redis-server', 'redis-server')
  const cluster = await createCluster(['fsync=off'])
  project.provide('postgres', await cluster.createDatabase())
  return () => cluster.stop()
}
