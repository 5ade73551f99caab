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

/**
 * The session of a test's user, unless the test passes another one. It can be renewed and has no deadlines.
 *
 * @example
 * ```ts
 * import { fakeSession, valid } from '@tokenkeep/testing'
 *
 * const state = valid('a.b.c', { ...fakeSession, userId: 'user-2' })
 * ```
 */
export const fakeSession: Session = { id: 'session-1', userId: 'user-1', renewable: true }

/** Milliseconds. */
const HOUR = 3_600_000

/**
 * The first state, which lasts until the storage has been read: nothing is known yet. A server renders it, and so does the
 * first render of a page.
 *
 * @example
 * ```ts
 * import { createFakeTokenManager, initial } from '@tokenkeep/testing'
 *
 * const auth = createFakeTokenManager({ state: initial })
 * ```
 */
export const initial: AuthState = initialState

/**
 * A state in which a user is signed in, with a token that lasts one hour. Default token: `fake.auth.token`.
 *
 * @example
 * ```ts
 * import { createFakeTokenManager, valid } from '@tokenkeep/testing'
 *
 * createFakeTokenManager().set(valid('another.auth.token'))
 * ```
 */
export const valid = (token = 'fake.auth.token', session = fakeSession): Valid => ({
  status: 'valid',
  token,
  expiresAt: Date.now() + HOUR,
  session,
})

/**
 * A state in which a user is signed in and a refresh is under way. `token` is the previous token, if it can still be used.
 * Default: none.
 *
 * @example
 * ```ts
 * import { createFakeTokenManager, refreshing } from '@tokenkeep/testing'
 *
 * createFakeTokenManager().set(refreshing())
 * ```
 */
export const refreshing = (token?: string, session = fakeSession): Refreshing => ({
  status: 'refreshing',
  session,
  ...(token !== undefined && { token }),
})

/**
 * A state in which a user is signed in, but the token has expired. `cause` is why the last refresh failed. Default: no
 * refresh has failed.
 *
 * @example
 * ```ts
 * import { TokenError } from '@tokenkeep/core'
 * import { createFakeTokenManager, expired } from '@tokenkeep/testing'
 *
 * createFakeTokenManager().set(expired(new TokenError('unreachable')))
 * ```
 */
export const expired = (cause?: TokenError, session = fakeSession): Expired => ({
  status: 'expired',
  session,
  ...(cause && { cause, ...(cause.retryAt !== undefined && { retryAt: cause.retryAt }) }),
})

/**
 * A state in which nobody is signed in. Default reason: `none`.
 *
 * @example
 * ```ts
 * import { createFakeTokenManager, signedOut } from '@tokenkeep/testing'
 *
 * createFakeTokenManager().set(signedOut('revoked'))
 * ```
 */
export const signedOut = (reason: SignedOutReason = 'none'): SignedOut => ({ status: 'signed-out', reason })
