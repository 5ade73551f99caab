import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { places, type Place } from '../../test/stores.ts'
import { sql, StoreUnavailableError, type Database } from './database.ts'
import { openDatabase } from './store.ts'

let place: Place
let database: Database
let other: pg.Client

beforeAll(async () => {
  place = await places.find(({ name }) => name === 'PostgreSQL')!.make()
  database = await openDatabase(place.url)
  other = new pg.Client({ connectionString: place.url })
  await other.connect()
  await other.query('CREATE TABLE numbers (n BIGINT PRIMARY KEY)')
})
afterAll(async () => {
  await other.end()
  await database.close()
  place.remove()
})

const insert = (n: number): Promise<unknown[]> =>
  database.queryUnsynced(sql`INSERT INTO numbers VALUES (${n}) RETURNING n`)
const stored = async (): Promise<number> => {
  const { rows } = await other.query<{ count: string }>('SELECT count(*) FROM numbers')
  return Number(rows[0]!.count)
}

it('gives each statement its own result, also if others fail', async () => {
  const numbers = Array.from({ length: 100 }, (_, n) => n % 50)
  const settled = await Promise.allSettled(numbers.map(insert))
  const done = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  expect(done.flat()).toHaveLength(50)
  expect(await stored()).toBe(50)
})

it('replaces a lost connection under load, and stores every acknowledged row', async () => {
  const before = await stored()
  const seen = { asked: 0, answered: 0, killed: 0 }
  const refusals: unknown[] = []
  const ask = async (): Promise<boolean> => {
    try {
      await insert(1000 + seen.asked++)
      seen.answered++
      return true
    } catch (reason) {
      refusals.push(reason)
      return false
    }
  }
  // Statements are always pending, so a lost connection is replaced under load.
  const keepAsking = async (): Promise<void> => {
    while (seen.killed < 10) await ask()
  }
  const keepKilling = async (): Promise<void> => {
    for (; seen.killed < 10; seen.killed++) {
      await other.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      )
      while (!(await ask()));
    }
  }
  await Promise.all([keepKilling(), ...Array.from({ length: 8 }, keepAsking)])
  expect(refusals.length).toBeGreaterThan(0)
  expect(refusals.filter((reason) => !(reason instanceof StoreUnavailableError))).toEqual([])
  expect((await stored()) - before).toBeGreaterThanOrEqual(seen.answered)
})
