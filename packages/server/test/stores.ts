import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { createDatabaseAt } from './cluster.ts'

/** A place for a store: its URL, and a function that removes it. */
export interface Place {
  readonly url: string
  remove(): void
}

/** Both databases, for suites that run on each. */
export const places: readonly { readonly name: string; make(): Promise<Place> }[] = [
  {
    name: 'SQLite',
    async make() {
      const folder = mkdtempSync(join(tmpdir(), 'tokenkeep-'))
      return { url: folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
    },
  },
  {
    name: 'PostgreSQL',
    // The whole cluster is removed after the run.
    make: async () => ({ url: await createDatabaseAt(inject('postgres')), remove: () => undefined }),
  },
]
