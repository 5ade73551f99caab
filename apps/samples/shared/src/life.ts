import type { AuthState } from '@tokenkeep/core'
import { asCountdown } from './time.ts'
import { lifetimeOf } from './token.ts'

const circumference = 2 * Math.PI * 52

/**
 * Returns the remaining life of the auth token as a text, and as the dashes of a ring with the radius 52. `now` is in
 * milliseconds. It is undefined while a server renders the page.
 */
export const lifeOf = (
  state: AuthState,
  now: number | undefined,
): { readonly text: string; readonly dashes: string } => {
  if (state.status === 'refreshing')
    return { text: 'renewing', dashes: `${0.22 * circumference} ${circumference}` }
  if (now === undefined) return { text: '…', dashes: `0 ${circumference}` }
  const left = state.status === 'valid' ? Math.max(0, state.expiresAt - now) : 0
  const whole = state.status === 'valid' ? (lifetimeOf(state.token) ?? left) : 0
  const share = whole > 0 ? Math.min(1, left / whole) : 0
  return { text: asCountdown(left), dashes: `${share * circumference} ${circumference}` }
}
