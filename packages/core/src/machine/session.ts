import type { Claims } from '../claims.ts'

/**
 * Why nobody is signed in.
 * - `none`: nobody has signed in on this device yet.
 * - `signed-out`: the user signed out, in this tab or another.
 * - `revoked`: the server ended the session.
 * - `reused`: the server ended the session because its refresh token was used twice. The token may have been stolen.
 * - `displaced`: another device has refreshed the session with stolen tokens, so this device has ended it.
 * - `expired`: the session reached its absolute expiration.
 * - `inactive`: the session reached its inactivity timeout.
 * - `unreadable`: the storage lost the session, or cannot be read.
 */
export type SignedOutReason =
  | 'none'
  | 'signed-out'
  | 'revoked'
  | 'reused'
  | 'displaced'
  | 'expired'
  | 'inactive'
  | 'unreadable'

/**
 * The claims that a session keeps. An app declares its own once, and every `session.claims` has them. The types describe what
 * the server should send. Nothing compares them with what it sends.
 *
 * @example
 * ```ts
 * import type { Session } from '@tokenkeep/core'
 *
 * declare module '@tokenkeep/core' {
 *   interface SessionClaims {
 *     readonly roles?: readonly string[]
 *   }
 * }
 * export const isAdmin = ({ claims }: Session) => claims?.roles?.includes('admin') ?? false
 * ```
 */
export interface SessionClaims extends Claims {}

/** The session of the user who is signed in. Times are milliseconds since the Unix epoch, by this device's clock. */
export interface Session {
  readonly id: string
  readonly userId: string
  /**
   * False if the server issued no refresh token, or says that the user must act. When the auth token expires, the user
   * signs in again.
   */
  readonly renewable: boolean
  /** When the session ends, however active it is. Milliseconds since the Unix epoch; absent if it has no such limit. */
  readonly absoluteExpiresAt?: number | undefined
  /** When the session ends unless it is refreshed before. Milliseconds since the Unix epoch; absent if it has no such limit. */
  readonly inactiveAt?: number | undefined
  /**
   * What the server says about the user: the claims of the newest id token, with `oauth()` and `@tokenkeep/oidc`. A user can
   * change what a browser stores: show them, but never authorize by them. Absent if the server sends no id token.
   */
  readonly claims?: SessionClaims | undefined
}
