import type { AuthEvent } from '../machine/machine.ts'
import type { AuthState } from '../machine/state.ts'
import { expiresAt } from '../tabs/lifetime.ts'
import type { SessionRecord } from '../tabs/record.ts'

/** What, beside the record, decides about the state. */
export interface Circumstances {
  /** Whether the record's auth token can be used now. */
  readonly isUsable: boolean
  /** Whether this tab is refreshing now. */
  readonly isRefreshing: boolean
}

/**
 * Returns the event that makes a state agree with a record, or undefined if it agrees already. Pure. No other place
 * turns a record into an event.
 */
export function eventFor(
  before: SessionRecord | undefined,
  record: SessionRecord | undefined,
  state: AuthState,
  { isUsable, isRefreshing }: Circumstances,
): AuthEvent | undefined {
  if (!record?.session)
    return { type: 'end', reason: record?.reason ?? (before ? 'unreadable' : 'none') }
  const { session, token } = record
  const isSameSession = before?.epoch === record.epoch
  const shown = 'token' in state ? state.token : undefined
  if (isUsable) {
    const isSettled = state.status === 'valid' || isRefreshing
    return shown === token && isSettled
      ? undefined
      : { type: isSameSession ? 'adopt' : 'sign-in', token, expiresAt: expiresAt(record), session }
  }
  if (!isSameSession) return { type: 'resume', session }
  return shown === undefined ? undefined : { type: 'lapse', session }
}
