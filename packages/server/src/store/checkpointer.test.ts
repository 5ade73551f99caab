import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createCheckpointer } from './checkpointer.ts'

let folder: string
let file: string
let database: DatabaseSync
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tokenkeep-checkpoints-'))
  file = join(folder, 'test.db')
  database = new DatabaseSync(file, { timeout: 5000 })
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0')
  database.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)')
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true })
})

it('keeps the log short while somebody writes without a pause', async () => {
  const checkpointer = createCheckpointer(file, { copyAfter: 10, restartAfter: 40 })
  const insert = database.prepare('INSERT INTO t (text) VALUES (?) RETURNING id')
  const log = `${file}-wal`
  const header = (): number => statSync(log).size
  // The log only grows until it starts again. Then it keeps its size, and its first pages are written anew.
  const pagesOfCheckpoint = database.prepare('PRAGMA wal_checkpoint(NOOP)')
  let restarts = 0
  let before = 0
  for (const until = performance.now() + 20_000; restarts < 3 && performance.now() < until;) {
    insert.get('x'.repeat(1000))
    checkpointer.wrote()
    await setImmediate()
    const pages = Number(pagesOfCheckpoint.get()!['log'])
    if (pages < before) restarts++
    before = pages
  }
  expect(restarts).toBe(3)
  expect(header()).toBeGreaterThan(0)
  await checkpointer.close()
})

it('ends its thread without a database to open, and lets writers go on', async () => {
  const checkpointer = createCheckpointer(join(folder, 'missing', 'test.db'))
  checkpointer.wrote()
  await new Promise((resolve) => setTimeout(resolve, 150))
  await checkpointer.idle()
  await checkpointer.close()
})
