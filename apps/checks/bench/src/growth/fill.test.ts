import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openStore } from '../../../../../packages/server/src/store/store.ts'
import { idOf, openBulk } from './bulk.ts'
import { countDeletable, fill, livePlaces, planOf } from './fill.ts'

let folder: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tokenkeep-fill-'))
  await (await openStore(folder)).close()
})
afterEach(() => rmSync(folder, { recursive: true }))

it('creates the sessions of its plan, with the ids that the tokens name', async () => {
  const plan = planOf(1000, [1, 50], 2)
  const bulk = await openBulk(folder)
  expect(await fill(bulk, plan)).toBeGreaterThan(200)
  expect(await bulk.ask('SELECT count(*) FROM users')).toBe(100 + 4)
  expect(await bulk.ask('SELECT count(*) FROM sessions')).toBe(1000 + 2 * 51)
  expect(await countDeletable(bulk)).toBe(200)
  await bulk.close()

  const database = new DatabaseSync(join(folder, 'tokenkeep.db'))
  const find = database.prepare('SELECT absolute_at FROM sessions WHERE user_id = ? AND id = ?')
  for (const { user, session } of livePlaces(plan, 10_000))
    expect(find.get(idOf(user), idOf(session))!['absolute_at']).toBeGreaterThan(Date.now())
  const ofUser = database.prepare('SELECT count(*) AS n FROM sessions WHERE user_id = ?')
  expect(plan.crowds.map(({ user }) => ofUser.get(idOf(user))!['n'])).toEqual([1, 1, 50, 50])
  const last = plan.crowds.at(-1)!
  expect(find.get(idOf(last.user), idOf(last.session + 49))).toBeDefined()
  expect(
    database.prepare(`SELECT name FROM sqlite_schema WHERE name = 'sessions_by_end'`).get(),
  ).toBeDefined()
  database.close()
})

it('takes live sessions from the whole store, and none of them twice', () => {
  const places = livePlaces(planOf(10_000, [], 1), 100)
  expect(new Set(places.map(({ session }) => session)).size).toBe(100)
  expect(places.every(({ session }) => session % 5 !== 0 && session < 10_000)).toBe(true)
  expect(places.at(-1)!.session).toBeGreaterThan(9800)
  expect(livePlaces(planOf(100, [], 1), 1000)).toHaveLength(80)
})
