import { TokenError } from '../errors.ts'
import type { AuthEvent } from '../machine/machine.ts'
import type { AuthState } from '../machine/state.ts'

/** What a caller gets: the token, a refresh to begin, or undefined while it has to wait. */
export type Decision = string | Extract<AuthEvent, { type: 'refresh' }> | undefined

/**
 * Decides what a caller of `getAuthToken()` gets in a state. Pure.
 * - `userId`: the user who was signed in when the call began
 * - `minValid`: how long the token must still be usable; milliseconds
 * - `remaining`: how long the current token can still be used; milliseconds
 * - `hasWaited`: whether the call has waited for a refresh already
 * - `isPaused`: whether the last failure forbids another request now
 *
 * @throws TokenError if the caller gets no token
 *
 * @example
 * ```ts
 * import { initialState } from '@tokenkeep/core'
 * import { decide } from '@tokenkeep/core/cross-tab'
 *
 * // Throws: the storage has not been read.
 * const decision = () => decide(initialState, undefined, 0, 0, false, false)
 * ```
 */
export function decide(
  state: AuthState,
  userId: string | undefined,
  minValid: number,
  remaining: number,
  hasWaited: boolean,
  isPaused: boolean,
): Decision {
  const { status, session, token, cause, reason } = state
  // The first state has no reason: the storage has not answered.
  if (!session && !reason) throw new TokenError('storage')
  if (!session || (!token && !session.renewable))
    throw new TokenError('sign-in-required', { reason: reason ?? 'expired' })
  if (userId && userId !== session.userId) throw new TokenError('session-changed')
  if (token && remaining >= minValid) return token
  if (status === 'refreshing') return undefined
  // A refresh would not bring a token that lives longer.
  if (token && (hasWaited || !session.renewable)) return token
  if (cause && (hasWaited || isPaused)) throw cause
  return { type: 'refresh', session, token }
}
