import { initialState, TokenError, transition, type AuthState, type TokenErrorCode } from '@tokenkeep/core'
import { eventFor } from '@tokenkeep/core/cross-tab'
import type { SealedRecord } from './sealed-record.ts'

/** Returns the state that a record shows. `isUsable`: whether its auth token can be used now. */
export function stateOf(record: SealedRecord | undefined, isUsable: boolean): AuthState {
  if (record?.session && record.lastFailure && !isUsable) {
    const { code, until: retryAt } = record.lastFailure
    const cause = new TokenError(code, { retryAt })
    return { status: 'expired', session: record.session, cause, retryAt }
  }
  // From the first state, each event of the projection leads to the state that the record shows.
  return transition(initialState, eventFor(undefined, record, initialState, isUsable, false)!)
}

/**
 * What the browser gets of a session: the state as plain data, to render the first page with. It never holds a refresh
 * token.
 */
export interface SessionSnapshot {
  /** The server's time. Milliseconds since the Unix epoch. The browser counts lifetimes from it. */
  readonly at: number
  /** The value of the epoch cookie that goes with the state. Undefined if the cookie says that nobody is signed in. */
  readonly epoch: string | undefined
  /** The state. A cause is plain data here. */
  readonly state: PlainState
  /**
   * True if the session was refreshed where no cookie can be set, such as in a component. Then the browser asks the state
   * route once, so that the refresh is stored.
   */
  readonly isUnstored: boolean
}

/** A state of the core as plain data: JSON and React can carry it to the browser. */
export type PlainState =
  | Exclude<AuthState, { status: 'expired' }>
  | (Omit<Extract<AuthState, { status: 'expired' }>, 'cause'> & { readonly cause?: PlainCause | undefined })

export interface PlainCause {
  readonly code: TokenErrorCode
  /** Milliseconds since the Unix epoch, by the server's clock. */
  readonly retryAt?: number | undefined
}

/** Turns a state into plain data. Without `withToken`, it has no auth token: that of `valid` is an empty text. */
export function toPlainState(state: AuthState, withToken: boolean): PlainState {
  if (state.status === 'valid') return withToken ? state : { ...state, token: '' }
  if (state.status !== 'expired' || !state.cause) return state as PlainState
  const { code, retryAt } = state.cause
  return { ...state, cause: { code, retryAt } }
}
