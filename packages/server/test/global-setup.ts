import type { TestProject } from 'vitest/node'
import { createCluster } from './cluster.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** A database of the cluster that all test files of a run share: where to make one's own. */
    readonly postgres: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // What these tests show does not depend on the machine's disk.
  const cluster = await createCluster(['fsync=off'])
  project.provide('postgres', await cluster.createDatabase())
  return () => cluster.stop()
}
