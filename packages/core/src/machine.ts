import type { TokenError } from './errors.ts'
import type {
  AuthState,
  Expired,
  Refreshing,
  Session,
  SignedOut,
  SignedOutReason,
  Status,
  Valid,
} from './state.ts'

/**
 * What can happen to a session, as one tab sees it.
 * - `sign-in`, `resume`: another session than the one before, with a usable auth token or without.
 * - `adopt`, `lapse`: news of the same session: a usable auth token, or none any more.
 * - `refresh`, `fail`: a refresh begins; it ended without a token.
 * - `end`: the session is over.
 */
export type AuthEvent =
  | {
      readonly type: 'sign-in' | 'adopt'
      readonly token: string
      readonly expiresAt: number
      readonly session: Session
    }
  | {
      readonly type: 'resume' | 'lapse'
      readonly session: Session
      readonly token?: undefined
      readonly cause?: undefined
    }
  | { readonly type: 'refresh'; readonly session: Session; readonly token?: string | undefined }
  | { readonly type: 'fail'; readonly session: Session; readonly cause: TokenError }
  | { readonly type: 'end'; readonly reason: SignedOutReason }

type EventType = AuthEvent['type']

/** The one place where a move is written. No row: the event is ignored. */
export const table = {
  valid: {
    'sign-in': 'valid',
    adopt: 'valid',
    resume: 'expired',
    lapse: 'expired',
    refresh: 'refreshing',
    end: 'signed-out',
  },
  refreshing: {
    'sign-in': 'valid',
    adopt: 'valid',
    resume: 'expired',
    lapse: 'refreshing',
    fail: 'expired',
    end: 'signed-out',
  },
  expired: {
    'sign-in': 'valid',
    adopt: 'valid',
    resume: 'expired',
    refresh: 'refreshing',
    end: 'signed-out',
  },
  'signed-out': { 'sign-in': 'valid', resume: 'expired' },
} as const satisfies Record<Status, Partial<Record<EventType, Status>>>

/** The events that lead to a status, computed from the table: a constructor gets only what every way in brings. */
type Into<S extends Status> = {
  [From in Status]: {
    [E in keyof (typeof table)[From]]: (typeof table)[From][E] extends S ? E : never
  }[keyof (typeof table)[From]]
}[Status]
type EventInto<S extends Status> = AuthEvent extends infer E
  ? E extends { type: infer T }
    ? T & Into<S> extends never
      ? never
      : E
    : never
  : never

const enter: { [S in Status]: (event: EventInto<S>) => AuthState & { status: S } } = {
  valid: ({ token, expiresAt, session }): Valid => ({ status: 'valid', token, expiresAt, session }),
  refreshing: ({ session, token }): Refreshing => ({ status: 'refreshing', session, token }),
  expired: ({ session, cause }): Expired => ({ status: 'expired', session, cause, retryAt: cause?.retryAt }),
  'signed-out': ({ reason }): SignedOut => ({ status: 'signed-out', reason }),
}

/** Every manager's first state, and the one a server renders: the storage has not been read yet. */
export const initialState: AuthState = { status: 'refreshing' }

/** Pure: no clock, no I/O. The same state object comes back where the table has no row. */
export function transition(state: AuthState, event: AuthEvent): AuthState {
  const moves: Partial<Record<EventType, Status>> = table[state.status]
  const target = moves[event.type]
  return target ? (enter[target] as (event: AuthEvent) => AuthState)(event) : state
}
