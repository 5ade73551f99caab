import type { Session } from './session.ts'
import type { AuthState, Expired, Refreshing, SignedOut, Status, Valid } from './state.ts'

/**
 * What can happen to the session, as one tab sees it.
 * - `sign-in`, `resume`: the tab learns of a session other than the one before. `sign-in` brings a usable auth token,
 *   `resume` does not.
 * - `adopt`: the tab learns of a usable auth token of the same session.
 * - `lapse`: the auth token can no longer be used.
 * - `refresh`: a refresh begins.
 * - `fail`: a refresh ended without a token.
 * - `end`: the session is over.
 */
export type AuthEvent =
  | ({ readonly type: 'sign-in' | 'adopt' } & Omit<Valid, 'status'>)
  | { readonly type: 'resume' | 'lapse'; readonly session: Session }
  | ({ readonly type: 'refresh'; readonly session: Session } & Omit<Refreshing, 'status'>)
  | ({ readonly type: 'fail' } & Omit<Expired, 'status'>)
  | ({ readonly type: 'end' } & Omit<SignedOut, 'status'>)

type EventType = AuthEvent['type']

const fromAnyState = { 'sign-in': 'valid', resume: 'expired' } as const
const whileSignedIn = { ...fromAnyState, adopt: 'valid', end: 'signed-out' } as const

/**
 * The state machine as data: for each state, the state that each event leads to. An event that the state does not list
 * is ignored. No other code decides a transition. The diagrams in the documentation are generated from this table.
 *
 * @example
 * ```ts
 * import { transitionTable } from '@tokenkeep/core'
 *
 * console.log(transitionTable.expired.refresh) // 'refreshing'
 * ```
 */
export const transitionTable = {
  valid: { ...whileSignedIn, lapse: 'expired', refresh: 'refreshing' },
  refreshing: { ...whileSignedIn, lapse: 'refreshing', fail: 'expired' },
  expired: { ...whileSignedIn, refresh: 'refreshing' },
  'signed-out': fromAnyState,
} as const satisfies Record<Status, Partial<Record<EventType, Status>>>

/**
 * The first state of every manager, and the state in which a server renders: the storage has not been read yet.
 *
 * @example
 * ```ts
 * import { initialState } from '@tokenkeep/core'
 *
 * console.log(initialState.status) // 'refreshing'
 * ```
 */
export const initialState: AuthState = { status: 'refreshing' }

/**
 * Returns the state that an event leads to. Pure: it reads no clock and does no I/O. Returns the same object if the
 * table does not list the event for the state.
 *
 * @example
 * ```ts
 * import { initialState, transition } from '@tokenkeep/core'
 *
 * const state = transition(initialState, { type: 'end', reason: 'none' })
 * console.log(state) // { status: 'signed-out', reason: 'none' }
 * ```
 */
export function transition(state: AuthState, { type, ...held }: AuthEvent): AuthState {
  const moves: Partial<Record<EventType, Status>> = transitionTable[state.status]
  const status = moves[type]
  // An event carries exactly the fields of the state it leads to.
  return status ? ({ status, ...held } as AuthState) : state
}
