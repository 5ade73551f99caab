import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { findPrograms } from '../../test/cluster.ts'
import { places } from '../../test/stores.ts'
import { app } from '../../test/world.ts'
import { openStore } from './store.ts'

const run = promisify(execFile)

it('is backed up by pg_dump while it is used, and restored by pg_restore, as the docs say (case F4)', async () => {
  const bin = await findPrograms()
  const [source, target] = [await places[1]!.make(), await places[1]!.make()]
  const folder = mkdtempSync(join(tmpdir(), 'tokenkeep-dump-'))
  const dump = join(folder, 'monday.dump')
  try {
    const store = await openStore(source.url)
    await store.apps.add('before', app, 'system', 1)
    await run(join(bin, 'pg_dump'), ['--format=custom', `--file=${dump}`, source.url])
    await store.apps.add('after', app, 'system', 1)
    await store.close()
    await run(join(bin, 'pg_restore'), ['--exit-on-error', '--no-owner', `--dbname=${target.url}`, dump])
    const restored = await openStore(target.url)
    expect((await restored.apps.list()).map(({ id }) => id)).toEqual(['before'])
    // New rows get new numbers: the counters are restored too.
    expect(await restored.apps.add('next', app, 'system', 1)).toBe(true)
    expect(await restored.events.list('next', { limit: 10 })).toHaveLength(1)
    await restored.close()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
