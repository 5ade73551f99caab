/** The session of a program, in one file that several processes may share. Needs `node:sqlite`. */
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { clearInterval, setInterval } from 'node:timers'
import { attempt, browserEnvironment, type Environment } from '../environment.ts'
import { parseRecord } from '../stores/custom-store.ts'
import type { Store } from '../stores/store.ts'
import type { Change } from '../tabs/change.ts'
import type { SessionRecord } from '../tabs/record.ts'

/** How long another process may take for one change of the file. Milliseconds. */
const BUSY_TIMEOUT = 5000
/** How often a process that waits for another one looks whether it is its turn. Milliseconds. */
const INTERVAL = 25
/** How soon a program hears of what another process has written. Milliseconds. */
const POLL_INTERVAL = 1000
/** SQLite's code: another process uses the file. */
const SQLITE_BUSY = 5

/**
 * Keeps the session of a command-line tool or another program in a file. Several processes may share it: they refresh one
 * after the other, and each knows within a second what another has written. The operating system frees the lock of a process that dies.
 *
 * Only the user who runs the program can read the file (mode 0600). Folders that are missing are made (mode 0700). If the
 * file cannot be used, calls of the manager reject with `storage`. Use it on a local disk: on network file systems, locks
 * often do not work. Beside the file are `<path>.lock` and `<path>.hint`. Runs in Node 22.13 or later, in Deno and in Bun.
 *
 * @example
 * ```ts
 * import { createTokenManager, sessionServer } from '@tokenkeep/core'
 * import { sessionFile } from '@tokenkeep/core/node'
 *
 * const auth = createTokenManager({
 *   transport: sessionServer({ url: 'https://auth.example.com', appId: 'shop' }),
 *   ...sessionFile('/home/ada/.config/shop/session'),
 * })
 * ```
 */
export function sessionFile(path: string): { storage: Store; environment: Environment } {
  const hints = `${path}.hint`
  return {
    storage: { update: (key, change) => update(path, key, change) },
    environment: {
      ...browserEnvironment,
      lock: (_, work, timeout) => exclusively(`${path}.lock`, work, timeout),
      channel(_, listener, signal) {
        let seen = modifiedAt(path)
        // Another process may have changed the file. Looking at it is more reliable than a watcher of the system.
        const timer = setInterval(() => {
          const now = modifiedAt(path)
          if (now === seen) return
          seen = now
          listener()
        }, POLL_INTERVAL)
        timer.unref()
        signal.addEventListener('abort', () => clearInterval(timer))
        // A program that exits in the same turn has no time for a transaction.
        return (message) => attempt(() => writeFileSync(hints, JSON.stringify(message), { mode: 0o600 }))
      },
      lastMessage: () => attempt(() => JSON.parse(readFileSync(hints, 'utf8'))),
    },
  }
}

/** Changes the record of `key` in one transaction. Waits while other processes use the file. */
async function update(path: string, key: string, change: Change): Promise<SessionRecord | undefined> {
  for (let waited = 0; ; waited += INTERVAL) {
    try {
      return transact(path, key, change)
    } catch (error) {
      if ((error as { errcode?: number }).errcode !== SQLITE_BUSY || waited >= BUSY_TIMEOUT) throw error
    }
    await pause()
  }
}

function transact(path: string, key: string, change: Change): SessionRecord | undefined {
  const database = open(path)
  try {
    database.exec(
      'BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS records (key TEXT PRIMARY KEY, record TEXT NOT NULL)',
    )
    const row = database.prepare('SELECT record FROM records WHERE key = ?').get(key)
    const before = parseRecord(row?.['record'] as string | undefined)
    const after = change(before)
    if (after && after !== before)
      database.prepare('REPLACE INTO records VALUES (?, ?)').run(key, JSON.stringify(after))
    database.exec('COMMIT')
    return after
  } finally {
    // Without COMMIT, nothing is changed.
    database.close()
  }
}

/** Runs `work` while no other process runs work under the same file, or after `timeout` milliseconds. */
async function exclusively(path: string, work: () => Promise<void>, timeout: number): Promise<void> {
  const database = open(path)
  const isFree = (): boolean => attempt(() => (database.exec('BEGIN EXCLUSIVE'), true)) ?? false
  try {
    for (let waited = 0; !isFree() && waited < timeout; waited += INTERVAL) await pause()
    await work()
  } finally {
    database.close()
  }
}

const pause = (): Promise<void> => new Promise((resolve) => browserEnvironment.after(INTERVAL, resolve, true))

/** Opens the file, and makes it if it is missing. From its first moment, only its owner can read it. */
function open(path: string): DatabaseSync {
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    closeSync(openSync(path, 'a', 0o600))
  }
  if (statSync(path).mode & 0o077) attempt(() => chmodSync(path, 0o600))
  return new DatabaseSync(path)
}

const modifiedAt = (path: string): number | undefined => attempt(() => statSync(path).mtimeMs)
