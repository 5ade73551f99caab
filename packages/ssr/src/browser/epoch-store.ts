import { memoryStore, type Store } from '@tokenkeep/core'
import { expiresAt, signOut, type SessionRecord } from '@tokenkeep/core/cross-tab'
import { isEpoch } from '../session/cookie-names.ts'
import type { SessionSnapshot } from '../session/state.ts'
import { recordOfSnapshot } from './snapshot.ts'

export interface EpochStoreOptions {
  /** Where the tabs keep the record that they share. If it fails, each tab keeps its own. */
  readonly shared: Store
  /** Returns the value of the epoch cookie. */
  readCookie(): string | undefined
  /** What the server has rendered, or what a sign-in has returned. */
  snapshot(): SessionSnapshot | undefined
  askState(): Promise<SessionSnapshot>
  now(): number
}

/**
 * How long the store waits after a failure before it asks the server again for a session that it does not know.
 * Milliseconds.
 */
const PAUSE = 5000

/**
 * A store whose record always belongs to the session of the cookies. The server signs people in and out by its cookies, so
 * each access compares the record with the epoch cookie: another page, a form or another tab may have changed it.
 */
export function epochStore({ shared, readCookie, snapshot, askState, now }: EpochStoreOptions): Store {
  let store = shared
  let pausedUntil = 0

  /** Returns the record that the cookie asks for, or undefined if that is the given record. */
  async function expected(record: SessionRecord | undefined): Promise<SessionRecord | undefined> {
    const cookie = readCookie()
    const epoch = cookie && isEpoch(cookie) ? cookie : undefined
    const rendered = snapshot()
    if (!epoch) {
      if (!record && rendered && !rendered.epoch) return recordOfSnapshot(rendered, now())
      return record?.session && { ...signOut('signed-out')(record)!, pendingRevocations: [] }
    }
    // This browser has signed out, and the server has not heard of it yet.
    if (record?.reason && record.epoch === epoch) return undefined
    if (rendered?.epoch === epoch) {
      const shown = recordOfSnapshot(rendered, now())
      if (record?.epoch !== epoch || isNewer(shown, record)) return shown
    }
    if (record?.epoch === epoch) return undefined
    // A rejection without a cause says that the storage will answer later.
    if (now() < pausedUntil) return Promise.reject()
    pausedUntil = now() + PAUSE
    const asked = await askState().catch(() => Promise.reject())
    pausedUntil = 0
    return recordOfSnapshot(asked, now())
  }

  async function update(...[key, change]: Parameters<Store['update']>): Promise<SessionRecord | undefined> {
    const seen = await store.update(key, (record) => record)
    const replaced = await expected(seen)
    return store.update(key, (record) =>
      // Another tab may have written meanwhile.
      change(replaced && isSame(record, seen) ? replaced : record),
    )
  }

  return {
    async update(key, change) {
      try {
        return await update(key, change)
      } catch (error) {
        if (!error || store !== shared) throw error
        store = memoryStore()
        return update(key, change)
      }
    },
  }
}

const isSame = (one: SessionRecord | undefined, other: SessionRecord | undefined): boolean =>
  one?.epoch === other?.epoch && one?.generation === other?.generation

/** True if the server has rendered a page with a token that lives longer than the known one. */
const isNewer = (shown: SessionRecord, known: SessionRecord | undefined): boolean =>
  shown.session !== undefined && known?.session !== undefined && expiresAt(shown) > expiresAt(known) + 1000
