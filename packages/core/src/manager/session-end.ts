import type { AuthState } from '../machine/state.ts'
import { isSignedIn } from './settled.ts'

/** When a session ends, and whether the user can extend it. */
export interface SessionEnd {
  /** When the session ends, unless it is refreshed before. Milliseconds since the Unix epoch, by this device's clock. */
  readonly endsAt: number
  /**
   * Whether activity moves the end. False if the session ends at its absolute expiration, or cannot be refreshed: then only a
   * new sign-in helps.
   */
  readonly canStay: boolean
}

/**
 * Returns when the session of a state ends: at its absolute expiration, at its inactivity timeout, or, if it cannot be
 * refreshed, with its auth token. The earliest counts. Undefined if nobody is signed in, or if no end is known. Pure, and
 * reads no clock: the end may have passed.
 *
 * @example
 * ```ts
 * import { sessionEnd } from '@tokenkeep/core'
 *
 * const session = { id: 's1', userId: 'u1', renewable: true, inactiveAt: Date.now() + 900_000 }
 * const end = sessionEnd({ status: 'expired', session })
 * console.log(end?.canStay) // true
 * ```
 */
export function sessionEnd(state: AuthState): SessionEnd | undefined {
  const { session } = state
  if (!session || !isSignedIn(state)) return undefined
  const { renewable, absoluteExpiresAt = Infinity, inactiveAt = Infinity } = session
  const tokenEnd = !renewable && state.status === 'valid' ? state.expiresAt : Infinity
  const fixed = Math.min(absoluteExpiresAt, tokenEnd)
  const endsAt = Math.min(fixed, inactiveAt)
  return endsAt < Infinity ? { endsAt, canStay: renewable && inactiveAt < fixed } : undefined
}
