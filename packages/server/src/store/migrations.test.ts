import { describe, expect, it, vi } from 'vitest'
import { places } from '../../test/stores.ts'
import { newId } from './ids.ts'
import { openStore } from './store.ts'

/** Creates a database with the first `count` migrations only, as an earlier version did. */
async function openEarlier(url: string, count: number) {
  vi.resetModules()
  vi.doMock('./schema.ts', async (original) => {
    const schema = await original<typeof import('./schema.ts')>()
    return { ...schema, migrations: schema.migrations.slice(0, count) }
  })
  const { openDatabase } = await import('./store.ts')
  const { sql } = await import('./database.ts')
  vi.doUnmock('./schema.ts')
  return { database: await openDatabase(url), sql }
}

describe.each(places)('a database of an earlier version on $name', ({ make }) => {
  const withUsers = async (...identifiers: string[]) => {
    const place = await make()
    const { database, sql } = await openEarlier(place.url, 2)
    for (const identifier of identifiers) {
      const status = identifier.startsWith('pending') ? 'pending' : 'active'
      await database.query(sql`
        INSERT INTO users (id, app_id, identifier, folded, status, created_at, updated_at)
        VALUES (${newId()}, ${'demo'}, ${identifier}, ${identifier.toLowerCase()}, ${status}, 1, 1)`)
    }
    await database.close()
    return place
  }

  it('gets folded identifiers, and forgets sign-ups that were not finished (case F11)', async () => {
    const place = await withUsers('Ada@x', 'STRAßE', 'pending@x')
    const store = await openStore(place.url)
    for (const [identifier, found] of [
      ['ada@X', 'Ada@x'],
      ['strasse', 'STRAßE'],
    ] as const)
      expect(await store.users.findByIdentifier('demo', identifier)).toMatchObject({ identifier: found })
    expect(await store.users.findByIdentifier('demo', 'pending@x')).toBeUndefined()
    await store.close()
    place.remove()
  })

  it('is refused in one line that names the identifiers that are the same, and stays as it was (case F11)', async () => {
    const place = await withUsers('Ada@x', 'ada@x', 'Eve\u202E', 'eve\u202E', 'grace')
    const line =
      /^[^\n]*"Ada@x" = "ada@x" in the app demo, "Eve\\u\{202e\}" = "eve\\u\{202e\}" in the app demo: [^\n]*rename or delete[^\n]*$/
    await expect(openStore(place.url)).rejects.toThrow(line)
    await expect(openStore(place.url)).rejects.toThrow(line)
    const { database, sql } = await openEarlier(place.url, 2)
    await database.query(sql`DELETE FROM users WHERE identifier IN (${'ada@x'}, ${'eve\u202E'})`)
    await database.close()
    const store = await openStore(place.url)
    expect(await store.users.list('demo', {}, 'created_at:asc', 10, 0)).toMatchObject({ total: 3 })
    await store.close()
    place.remove()
  })
})
