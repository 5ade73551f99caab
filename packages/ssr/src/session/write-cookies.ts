import { signOut } from '@tokenkeep/core/cross-tab'
import { stringifySetCookie } from 'cookie'
import type { SessionEvent } from '../events.ts'
import type { Seal } from '../sealing/seal.ts'
import { MAX_COOKIE_LENGTH, SIGNED_OUT, type CookieNames } from './cookie-names.ts'
import { MAX_AGE, maxAgeOf } from './max-age.ts'
import type { OpenedCookies } from './open-cookies.ts'
import type { Revoke } from './revoker.ts'
import {
  epochAfter,
  hasAdvanced,
  isSignedIn,
  toText,
  type SealedRecord,
  type SealedSignedInRecord,
} from './sealed-record.ts'

/** Returns the cookies that a response must set, and what the browser holds then. */
export type WriteCookies = (
  stored: OpenedCookies,
  record: SealedRecord | undefined,
) => Promise<{
  readonly cookies: readonly string[]
  readonly stored: OpenedCookies
  /** The record, without the revocations that the server has answered. */
  readonly record: SealedRecord | undefined
}>

/**
 * Turns a changed record into cookies.
 *
 * Only a sign-in and a sign-out write the epoch cookie, and they write it first. So a request that falls between two
 * cookies of one response sees at most a missing record, and never takes the new record for a stray. A record is written
 * only if its generation has advanced, so our own response never takes the browser back.
 */
export function cookieWriter(
  names: CookieNames,
  seal: Seal,
  revoke: Revoke,
  now: () => number,
  onEvent: ((event: SessionEvent) => void) | undefined,
): WriteCookies {
  let hasWarned = false

  const set = (name: string, value: string, maxAge: number, httpOnly = true): string =>
    stringifySetCookie({ name, value, maxAge, httpOnly, ...names.attributes })
  const remove = (name: string): string => set(name, '', 0)
  const setEpoch = (value: string): string => set(names.epoch, value, MAX_AGE, false)

  async function setRecord(epoch: string, record: SealedRecord): Promise<string[]> {
    const name = names.record(epoch)
    const value = await seal.close(name, toText(record))
    const length = name.length + value.length
    if (length <= MAX_COOKIE_LENGTH) return [set(name, value, maxAgeOf(record, now()))]
    if (!hasWarned) onEvent?.({ type: 'record-too-large', characters: length })
    hasWarned = true
    // The browser keeps the predecessor, and each request replays its refresh.
    if (record.generation !== 0) return []
    return setRecord(epoch, { ...(record as SealedSignedInRecord), token: '', lifetime: 0 })
  }

  async function setChange(stored: OpenedCookies, record: SealedRecord): Promise<string[]> {
    const { epoch, isHeld, isReplaceable } = stored
    const old = epoch && isHeld ? [remove(names.record(epoch))] : []
    if (isSignedIn(record) && record.epoch !== epoch)
      return [setEpoch(record.epoch), ...(await setRecord(record.epoch, record)), ...old]
    if (record.reason !== 'signed-out') return isReplaceable ? setRecord(epoch!, record) : []
    const isTold = record.pendingRevocations.length === 0
    return [setEpoch(SIGNED_OUT), ...(isTold || !epoch ? old : await setRecord(epoch, record))]
  }

  /** A stray is a pending revocation. Its cookie is deleted as soon as the server has answered. */
  async function isOver(name: string, stray: SealedRecord | undefined): Promise<boolean> {
    const revoked = stray && (await revoke(signOut('signed-out')(stray)!, names.epochOf(name)))
    return !revoked?.pendingRevocations.length
  }

  return async (stored, changed) => {
    const entries = [...stored.strays]
    const over = await Promise.all(entries.map((entry) => isOver(...entry)))
    const strays = new Map(entries.filter((_, at) => !over[at]))
    const cookies = entries.filter((_, at) => over[at]).map(([name]) => remove(name))
    if (!changed || !hasAdvanced(stored.record, changed))
      return { cookies, stored: { ...stored, strays }, record: changed }
    const epoch = epochAfter(stored.epoch, changed)
    const record = await revoke(changed, stored.epoch === epoch ? undefined : stored.epoch)
    return {
      cookies: [...(await setChange(stored, record)), ...cookies],
      stored: { epoch, record, isHeld: true, isReplaceable: true, strays },
      record,
    }
  }
}
