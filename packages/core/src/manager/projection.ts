import type { AuthEvent } from '../machine/machine.ts'
import type { AuthState } from '../machine/state.ts'
import { expiresAt } from '../tabs/lifetime.ts'
import type { SessionRecord } from '../tabs/record.ts'

/**
 * Returns the event that makes a state agree with a record, or undefined if it agrees already. Pure. No other code
 * turns a record into an event.
 * - `before`: the record that the tab knew before
 * - `isUsable`: whether the record's auth token can be used now
 * - `isRefreshing`: whether this tab is refreshing now
 *
 * @example
 * ```ts
 * import { initialState } from '@tokenkeep/core'
 * import { eventFor } from '@tokenkeep/core/cross-tab'
 *
 * console.log(eventFor(undefined, undefined, initialState, false, false)) // { type: 'end', reason: 'none' }
 * ```
 */
export function eventFor(
  before: SessionRecord | undefined,
  record: SessionRecord | undefined,
  state: AuthState,
  isUsable: boolean,
  isRefreshing: boolean,
): AuthEvent | undefined {
  if (!record?.session) return { type: 'end', reason: record?.reason ?? (before ? 'unreadable' : 'none') }
  const { session, token } = record
  const isSameSession = before?.session && before.epoch === record.epoch
  if (isUsable) {
    const isShown =
      isSameSession &&
      state.token === token &&
      (state.status === 'valid' ? state.expiresAt === expiresAt(record) : isRefreshing)
    return isShown
      ? undefined
      : { type: isSameSession ? 'adopt' : 'sign-in', token, expiresAt: expiresAt(record), session }
  }
  return isSameSession && !state.token ? undefined : { type: isSameSession ? 'lapse' : 'resume', session }
}
