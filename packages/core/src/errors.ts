import type { SignedOutReason } from './machine/state.ts'

/**
 * Everything that can keep a caller from a token.
 * - `sign-in-required`: there is no session, or one that cannot be renewed; `reason` says why.
 * - `session-changed`: another user signed in while the call waited.
 * - `unreachable`: the server did not answer, or not sensibly. The session is untouched.
 * - `throttled`: the server asked for patience until `retryAt`.
 * - `misconfigured`: what answers at that address does not speak this protocol.
 * - `storage`: the session could not be read or written.
 * - `aborted`: the caller's signal.
 * - `disposed`: the manager was disposed of.
 */
export type TokenErrorCode =
  | 'sign-in-required'
  | 'session-changed'
  | 'unreachable'
  | 'throttled'
  | 'misconfigured'
  | 'storage'
  | 'aborted'
  | 'disposed'

export interface TokenErrorDetails {
  /** Milliseconds since the epoch. */
  readonly retryAt?: number | undefined
  readonly reason?: SignedOutReason | undefined
  readonly cause?: unknown
}

/** Never carries a token: neither in its message nor in its cause. */
export class TokenError extends Error {
  override readonly name = 'TokenError'
  /** Milliseconds since the epoch. */
  declare readonly retryAt: number | undefined
  declare readonly reason: SignedOutReason | undefined
  declare readonly code: TokenErrorCode

  constructor(code: TokenErrorCode, details?: TokenErrorDetails) {
    super(code, details)
    Object.assign(this, details, { code })
  }
}

/** True for a `TokenError` of any copy of this library: bundles and realms do not share classes. */
export const isTokenError = (error: unknown): error is TokenError =>
  error instanceof Error && error.name === 'TokenError' && 'code' in error
