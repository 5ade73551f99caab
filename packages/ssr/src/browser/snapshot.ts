import { TokenError, type AuthState } from '@tokenkeep/core'
import { signIn, signOut, type SessionRecord, type TokenResponse } from '@tokenkeep/core/cross-tab'
import type { SessionSnapshot } from '../session/state.ts'

/** Turns plain data back into the state of the first render: the same in the server and in the browser. */
export function stateOfSnapshot({ state }: SessionSnapshot): AuthState {
  if (state.status !== 'expired') return state
  const { cause, ...rest } = state
  return cause ? { ...rest, cause: new TokenError(cause.code, { retryAt: cause.retryAt }) } : rest
}

/** Adds the part of a token's life that the core keeps back, so that a token arrives before it expires. Milliseconds. */
const withMargin = (left: number): number => Math.min((left * 10) / 9, left + 5000)

/**
 * Returns the tokens of a snapshot. `now`: when it arrived; lifetimes count from then, so neither clock has to be right.
 * Milliseconds since the Unix epoch.
 */
export function tokensOf({ at, state }: SessionSnapshot, now: number): TokenResponse | undefined {
  const { session } = state
  if (!session) return undefined
  const here = (time?: number): number | undefined => time && time - at + now
  return {
    session: {
      ...session,
      absoluteExpiresAt: here(session.absoluteExpiresAt),
      inactiveAt: here(session.inactiveAt),
    },
    token: state.token ?? '',
    lifetime: state.status === 'valid' ? withMargin(state.expiresAt - at) : 0,
  }
}

/**
 * Returns the record of a page that the server has rendered. A browser may show a page again much later, so its token counts
 * only as long as this device's clock agrees. `now`: milliseconds since the Unix epoch.
 */
export function recordOfSnapshot(snapshot: SessionSnapshot, now: number): SessionRecord {
  const { epoch, state } = snapshot
  const tokens = tokensOf(snapshot, now)
  if (!tokens || !epoch) return { ...signOut(state.reason ?? 'none')(undefined)!, epoch } as SessionRecord
  const left = state.status === 'valid' ? Math.max(0, state.expiresAt - now) : 0
  return signIn(epoch, { ...tokens, lifetime: Math.min(tokens.lifetime, withMargin(left)) }, now)()
}
