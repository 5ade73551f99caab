import type { AuthState } from '@tokenkeep/core'
import { asCountdown } from './time.ts'
import { lifetimeOf } from './token.ts'

const round = 2 * Math.PI * 52

/** The remaining life of the auth token, as a text and as the dashes of a ring of radius 52. */
export const lifeOf = (state: AuthState, now: number): { readonly text: string; readonly dashes: string } => {
  if (state.status === 'refreshing') return { text: 'renewing', dashes: `${0.22 * round} ${round}` }
  const left = state.status === 'valid' ? Math.max(0, state.expiresAt - now) : 0
  const whole = state.status === 'valid' ? (lifetimeOf(state.token) ?? left) : 0
  const share = whole > 0 ? Math.min(1, left / whole) : 0
  return { text: asCountdown(left), dashes: `${share * round} ${round}` }
}
