import type { AuthState } from '@tokenkeep/react'
import { asCountdown, useNow } from './clock.ts'
import { lifetimeOf } from './token.ts'

const ROUND = 2 * Math.PI * 52

/** What is left of the auth token, as a ring that runs out. */
export const LifeRing = ({ state }: { state: AuthState }) => {
  const now = useNow(250)
  const left = state.status === 'valid' ? Math.max(0, state.expiresAt - now) : 0
  const whole = state.status === 'valid' ? (lifetimeOf(state.token) ?? left) : 0
  const share = whole > 0 ? Math.min(1, left / whole) : 0
  const text = state.status === 'refreshing' ? 'renewing' : asCountdown(left)
  return (
    <div className="life">
      <svg viewBox="0 0 120 120" aria-hidden="true">
        <circle className="track" cx="60" cy="60" r="52" />
        <circle
          className={state.status === 'refreshing' ? 'rest turning' : 'rest'}
          cx="60"
          cy="60"
          r="52"
          strokeDasharray={`${(state.status === 'refreshing' ? 0.22 : share) * ROUND} ${ROUND}`}
        />
      </svg>
      <p>
        <strong data-testid="life" className={state.status === 'refreshing' ? 'word' : undefined}>
          {text}
        </strong>
        <span>token life</span>
      </p>
    </div>
  )
}
