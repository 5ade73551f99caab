import type { AuthState, Expired, Refreshing, Session, SignedOut, Status, Valid } from './state.ts'

/**
 * What can happen to a session, as one tab sees it.
 * - `sign-in`, `resume`: another session than the one before, with a usable auth token or without.
 * - `adopt`, `lapse`: news of the same session: a usable auth token, or none any more.
 * - `refresh`, `fail`: a refresh begins; it ended without a token.
 * - `end`: the session is over.
 */
export type AuthEvent =
  | ({ readonly type: 'sign-in' | 'adopt' } & Omit<Valid, 'status'>)
  | { readonly type: 'resume' | 'lapse'; readonly session: Session }
  | ({ readonly type: 'refresh'; readonly session: Session } & Omit<Refreshing, 'status'>)
  | ({ readonly type: 'fail' } & Omit<Expired, 'status'>)
  | ({ readonly type: 'end' } & Omit<SignedOut, 'status'>)

type EventType = AuthEvent['type']

const anywhere = { 'sign-in': 'valid', resume: 'expired' } as const
const signedIn = { ...anywhere, adopt: 'valid', end: 'signed-out' } as const

/** The one place where a move is written. No row: the event is ignored. */
export const table = {
  valid: { ...signedIn, lapse: 'expired', refresh: 'refreshing' },
  refreshing: { ...signedIn, lapse: 'refreshing', fail: 'expired' },
  expired: { ...signedIn, refresh: 'refreshing' },
  'signed-out': anywhere,
} as const satisfies Record<Status, Partial<Record<EventType, Status>>>

/** Every manager's first state, and the one a server renders: the storage has not been read yet. */
export const initialState: AuthState = { status: 'refreshing' }

/**
 * Pure: no clock, no I/O. The same state object comes back where the table has no row. What an event brings is what
 * the state it leads to holds.
 */
export function transition(state: AuthState, { type, ...held }: AuthEvent): AuthState {
  const moves: Partial<Record<EventType, Status>> = table[state.status]
  const status = moves[type]
  return status ? ({ status, ...held } as AuthState) : state
}
