import {
  initialState,
  type AuthState,
  type Expired,
  type Refreshing,
  type Session,
  type SignedOut,
  type SignedOutReason,
  type TokenError,
  type Valid,
} from '@tokenkeep/core'

/** Who is signed in where a test does not say otherwise. */
export const fakeSession: Session = { id: 'session-1', userId: 'user-1', renewable: true }

const hour = 3_600_000

/** Nothing is known yet: what a server renders, and every page shows first. */
export const firstRead: AuthState = initialState

/** Signed in, with a token for an hour. */
export const valid = (token = 'fake.auth.token', session = fakeSession): Valid => ({
  status: 'valid',
  token,
  expiresAt: Date.now() + hour,
  session,
})

/** A refresh is under way. With a token: the one before still works. */
export const refreshing = (token?: string, session = fakeSession): Refreshing => ({
  status: 'refreshing',
  session,
  ...(token !== undefined && { token }),
})

/** Signed in, without a token. With a cause: the last refresh failed for it. */
export const expired = (cause?: TokenError, session = fakeSession): Expired => ({
  status: 'expired',
  session,
  ...(cause && { cause, ...(cause.retryAt !== undefined && { retryAt: cause.retryAt }) }),
})

export const signedOut = (reason: SignedOutReason = 'none'): SignedOut => ({ status: 'signed-out', reason })
