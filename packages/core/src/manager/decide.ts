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

/** The answer to a caller: a token, an error, the refresh to begin, or nothing yet. */
export type Decision =
  | { readonly type: 'token'; readonly token: string }
  | { readonly type: 'error'; readonly error: TokenError }
  | { readonly type: 'wait' }
  | Extract<AuthEvent, { type: 'refresh' }>

const reject = (...args: ConstructorParameters<typeof TokenError>): Decision => ({
  type: 'error',
  error: new TokenError(...args),
})

/** Decides what a caller gets in a state. Pure. */
export function decide(
  state: AuthState,
  { userId, minValid, remaining, hasWaited, isPaused }: TokenRequest,
): Decision {
  if (state.status === 'signed-out') return reject('sign-in-required', { reason: state.reason })
  const { session } = state
  // The storage was asked, and did not answer.
  if (!session) return reject('storage')
  const token = state.status === 'expired' ? undefined : state.token
  if (!token && !session.renewable) return reject('sign-in-required', { reason: 'expired' })
  if (userId && userId !== session.userId) return reject('session-changed')
  if (token && remaining >= minValid) return { type: 'token', token }
  if (state.status === 'refreshing') return { type: 'wait' }
  // No refresh brings a token that lives longer.
  if (token && (hasWaited || !session.renewable)) return { type: 'token', token }
  if (state.status === 'expired' && state.cause && (hasWaited || isPaused))
    return { type: 'error', error: state.cause }
  return { type: 'refresh', session, token }
}
