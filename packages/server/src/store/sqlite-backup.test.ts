import { backup as backupPages, DatabaseSync } from 'node:sqlite'
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { places, type Place } from '../../test/stores.ts'
import { app } from '../../test/world.ts'
import { backupSqlite, restoreSqlite } from './sqlite-backup.ts'
import { databaseFile } from './sqlite-file.ts'
import { openStore, type Store } from './store.ts'

let place: Place
let file: string
beforeEach(async () => {
  place = await places[0]!.make()
  file = databaseFile(place.url)
})
afterEach(() => place.remove())

const add = (store: Store, id: string) => store.apps.add(id, app, 'system', 1)
const idsOf = async (store: Store): Promise<string[]> =>
  (await store.apps.list()).map(({ id }) => id).toSorted()
const idsAt = async (): Promise<string[]> => {
  const store = await openStore(place.url)
  const ids = await idsOf(store)
  await store.close()
  return ids
}
const backupFile = (): string => join(place.url, 'backup.db')

/** Leaves the folder as a killed server does: with a log that is not copied into the database yet. */
async function crash(work: (store: Store) => Promise<unknown>): Promise<void> {
  const store = await openStore(place.url)
  await work(store)
  const [database, log] = [readFileSync(file), readFileSync(`${file}-wal`)]
  await store.close()
  writeFileSync(file, database)
  writeFileSync(`${file}-wal`, log)
}

describe('a backup', () => {
  it('is taken while a server writes, and a restore brings back that moment (case F4)', async () => {
    const store = await openStore(place.url)
    await add(store, 'before')
    backupSqlite(place.url, backupFile())
    await add(store, 'after')
    expect(() => restoreSqlite(place.url, backupFile())).toThrow('stop the server first')
    await store.close()
    const kept = restoreSqlite(place.url, backupFile())
    expect(await idsAt()).toEqual(['before'])
    // The replaced database is kept whole.
    const before = new DatabaseSync(kept!)
    expect(before.prepare('SELECT count(*) AS n FROM apps').get()).toEqual({ n: 2 })
    before.close()
  })

  it('replaces a database that a killed server left with its log (case F4)', async () => {
    await crash((store) => add(store, 'before'))
    backupSqlite(place.url, backupFile())
    await crash((store) => add(store, 'after'))
    restoreSqlite(place.url, backupFile())
    expect(await idsAt()).toEqual(['before'])
  })

  it('replaces a damaged database, and refuses any file that is not a backup (case F4)', async () => {
    const store = await openStore(place.url)
    await add(store, 'before')
    await store.close()
    backupSqlite(place.url, backupFile())
    expect(() => backupSqlite(place.url, backupFile())).toThrow('exists')
    writeFileSync(file, 'x'.repeat(10_000))
    await expect(openStore(place.url)).rejects.toThrow('restore a backup')
    restoreSqlite(place.url, backupFile())
    expect(await idsAt()).toEqual(['before'])

    const other = join(place.url, 'other.db')
    writeFileSync(other, 'x'.repeat(10_000))
    expect(() => restoreSqlite(place.url, other)).toThrow('damaged or not a database')
    rmSync(other)
    expect(() => restoreSqlite(place.url, other)).toThrow('does not exist')
    const foreign = new DatabaseSync(other)
    foreign.exec('CREATE TABLE t (x)')
    foreign.close()
    expect(() => restoreSqlite(place.url, other)).toThrow('is empty')
    expect(await idsAt()).toEqual(['before'])
    expect(readdirSync(place.url).filter((name) => name.includes('partial'))).toEqual([])
  })
})

describe('a log that belongs to another database', () => {
  const copies: [string, () => Promise<void> | void][] = [
    ['tokenkeep backup', () => backupSqlite(place.url, backupFile())],
    [
      'the backup command of SQLite',
      async () => {
        const database = new DatabaseSync(file)
        await backupPages(database, backupFile())
        database.close()
      },
    ],
    ['a copy of the file of a stopped server', () => copyFileSync(file, backupFile())],
  ]
  const puts: [string, () => void][] = [
    ['copied', () => copyFileSync(backupFile(), file)],
    // `mv` keeps the time of the backup. Only the change time tells, and it must differ by more than a moment.
    ['moved', () => renameSync(backupFile(), file)],
  ]
  for (const [how, copy] of copies)
    for (const [verb, put] of puts)
      it(`is refused after ${how} is ${verb} over the database (case F4)`, async () => {
        const store = await openStore(place.url)
        await add(store, 'before')
        await store.close()
        await copy()
        await crash((each) => add(each, 'after'))
        // File systems tell times apart that are some milliseconds apart.
        await new Promise((resolve) => setTimeout(resolve, verb === 'moved' ? 1100 : 50))
        put()
        const replaced = readFileSync(file)
        await expect(openStore(place.url)).rejects.toThrow('tokenkeep restore')
        expect(readFileSync(file).equals(replaced)).toBe(true)
        expect(existsSync(`${file}-wal`)).toBe(true)
        // The way out that the message names.
        rmSync(`${file}-wal`)
        expect(await idsAt()).toEqual(['before'])
      })

  it('is refused if its database is gone (case F4)', async () => {
    await crash((store) => add(store, 'before'))
    rmSync(file)
    await expect(openStore(place.url)).rejects.toThrow('belongs to another database')
  })

  it('is never reported after a crash, at any step of a checkpoint (case F4)', async () => {
    const store = await openStore(place.url)
    for (let i = 0; i < 5; i++) await add(store, `app-${i}`)
    const before = readFileSync(file)
    const log = readFileSync(`${file}-wal`)
    await store.close()
    const after = readFileSync(file)
    // A checkpoint writes the pages in ascending order. A crash can come after each of them.
    for (let size = 0; size <= after.length; size += 4096) {
      writeFileSync(`${file}-wal`, log)
      writeFileSync(file, Buffer.concat([after.subarray(0, size), before.subarray(size)]))
      if (size > 0) expect(await idsAt()).toHaveLength(5)
    }
  })
})
