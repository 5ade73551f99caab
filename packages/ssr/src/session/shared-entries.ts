import { isNewerVersion } from '@tokenkeep/core/cross-tab'
import { toBase64url } from '../sealing/base64url.ts'
import type { Seal } from '../sealing/seal.ts'
import type { SessionStore } from '../stores/session-store.ts'
import { timeLimit } from '../time-limit.ts'
import type { CookieNames } from './cookie-names.ts'
import { maxAgeOf } from './max-age.ts'
import { fromText, type SealedRecord } from './sealed-record.ts'

/** A session in the store. `fence` is 0 and `record` is undefined if the store does not know the session. */
export interface SharedEntry {
  readonly record: SealedRecord | undefined
  readonly fence: number
  readonly isLeased: boolean
}

/** The records that all instances share, by their epochs. Each function rejects if the store fails. */
export interface SharedEntries {
  read(epoch: string): Promise<SharedEntry>
  /** Resolves to false if another write came first. `lease`: milliseconds. */
  write(epoch: string, fence: number, record: SealedRecord, lease: number): Promise<boolean>
}

/** How long the store may take to answer. A page waits for it. Milliseconds. */
export const STORE_TIMEOUT = 2000

/**
 * Seals the records for a store. The store sees no name and no token. A stored value does not open as a cookie.
 */
export function shareEntries(
  store: SessionStore,
  names: CookieNames,
  seal: Seal,
  now: () => number,
): SharedEntries {
  const nameOf = (epoch: string): string => `store ${names.record(epoch)}`
  const keyOf = async (epoch: string): Promise<string> =>
    toBase64url(
      new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(nameOf(epoch)))),
    )

  /** A key or a version that only another instance knows may hide a newer record. So it counts as a failure of the store. */
  async function open(epoch: string, value: string): Promise<SealedRecord | undefined> {
    const { text, fault } = await seal.open(nameOf(epoch), value)
    const record = text === undefined ? undefined : fromText(text)
    if (fault === 'foreign' || isNewerVersion(record))
      throw new Error(
        'Another instance stored this session with a key or a version that this one does not know.',
      )
    return record
  }

  return {
    async read(epoch) {
      const entry = await timeLimit(store.read(await keyOf(epoch)), STORE_TIMEOUT)
      if (!entry) return { record: undefined, fence: 0, isLeased: false }
      return { ...entry, record: await open(epoch, entry.value) }
    },
    async write(epoch, fence, record, lease) {
      // Unlike a cookie, the store keeps the last failure too: all instances pause after it.
      const value = await seal.close(nameOf(epoch), JSON.stringify(record))
      const entry = { value, lease, lifetime: maxAgeOf(record, now()) * 1000 }
      return timeLimit(store.write(await keyOf(epoch), fence, entry), STORE_TIMEOUT)
    },
  }
}
