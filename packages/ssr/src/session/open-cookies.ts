import { isNewerVersion, signOut } from '@tokenkeep/core/cross-tab'
import { parseCookie } from 'cookie'
import type { Seal } from '../sealing/seal.ts'
import { isEpoch, MAX_COOKIE_LENGTH, SIGNED_OUT, type CookieNames } from './cookie-names.ts'
import { fromText, type SealedRecord } from './sealed-record.ts'

/** What the cookies of one request hold. */
export interface OpenedCookies {
  /** The epoch that counts. Undefined if there is none: nobody has signed in, or somebody has signed out. */
  readonly epoch: string | undefined
  /** The record that counts. A signed-out record says why nobody is signed in; undefined if nobody ever was. */
  readonly record: SealedRecord | undefined
  /** True if the browser has a cookie that this record was read from. */
  readonly isHeld: boolean
  /** False for a record of a later version of this package: it is read, but neither replaced nor deleted. */
  readonly isReplaceable: boolean
  /**
   * Cookies of records that do not count: what a late response or a sign-out left behind. Undefined: nobody can open it.
   * Without an epoch cookie, nothing says that a record does not count.
   */
  readonly strays: ReadonlyMap<string, SealedRecord | undefined>
}

/** Opens the cookies of a request. Never rejects: what cannot be opened counts as no record. */
export async function openCookies(
  header: string | null,
  names: CookieNames,
  seal: Seal,
): Promise<OpenedCookies> {
  // The values need no decoding. A request without cookies costs nothing.
  const cookies = header ? parseCookie(header, { decode: (text) => text }) : {}
  const strays = new Map<string, SealedRecord | undefined>()
  const marked = cookies[names.epoch]
  const epoch = marked !== undefined && isEpoch(marked) ? marked : undefined
  let counting: SealedRecord | undefined
  await Promise.all(
    Object.entries(cookies).map(async ([name, value = '']) => {
      const of = names.epochOf(name)
      if (!of) return
      const isTooLong = value.length > MAX_COOKIE_LENGTH
      const { text, fault } = isTooLong ? { fault: 'broken' } : await seal.open(name, value)
      // Another deployment may open it: it stays.
      if (fault === 'foreign') return
      const record = text === undefined ? undefined : fromText(text)
      if (record && of === epoch) counting = record
      else if (marked !== undefined && !isNewerVersion(record)) strays.set(name, record)
    }),
  )
  const missing = epoch ? 'unreadable' : marked === SIGNED_OUT ? 'signed-out' : undefined
  return {
    epoch,
    record: counting ?? (missing && signOut(missing)(undefined)),
    isHeld: counting !== undefined,
    isReplaceable: !isNewerVersion(counting),
    strays,
  }
}
