import { TokenError } from '../errors.ts'
import type { AuthEvent } from '../machine/machine.ts'
import type { AuthState } from '../machine/state.ts'

/** What one caller of `getAuthToken()` asks for, and what has happened to the call so far. */
export interface TokenRequest {
  /** The user who was signed in when the call began. */
  readonly userId: string | undefined
  /** How long the token must still be usable. Milliseconds. */
  readonly minValid: number
  /** How long the current token can still be used. Milliseconds. */
  readonly remaining: number
  /** Whether the call has waited for a refresh already. */
  readonly hasWaited: boolean
  /** Whether the last failure forbids another request now. */
  readonly isPaused: boolean
}

/** What a caller gets: the token, a refresh to begin, or undefined while it has to wait. */
export type Decision = string | Extract<AuthEvent, { type: 'refresh' }> | undefined

/**
 * Decides what a caller gets in a state. Pure.
 *
 * @throws TokenError if the caller gets no token
 *
 * @example
 * ```ts
 * import { initialState } from '@tokenkeep/core'
 * import { decide } from '@tokenkeep/core/cross-tab'
 *
 * const request = { userId: undefined, minValid: 0, remaining: 0, hasWaited: false, isPaused: false }
 * // Throws: the storage has not been read.
 * const decision = () => decide(initialState, request)
 * ```
 */
export function decide(
  state: AuthState,
  { userId, minValid, remaining, hasWaited, isPaused }: TokenRequest,
): Decision {
  const { status, session, token, cause, reason } = state
  // Without a reason, the storage was asked, and did not answer.
  if (!session) throw new TokenError(reason ? 'sign-in-required' : 'storage', { reason })
  if (!token && !session.renewable) throw new TokenError('sign-in-required', { reason: 'expired' })
  if (userId && userId !== session.userId) throw new TokenError('session-changed')
  if (token && remaining >= minValid) return token
  if (status === 'refreshing') return undefined
  // A refresh would not bring a token that lives longer.
  if (token && (hasWaited || !session.renewable)) return token
  if (cause && (hasWaited || isPaused)) throw cause
  return { type: 'refresh', session, token }
}
