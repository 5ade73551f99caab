import type { AuthState } from '@tokenkeep/react'
import { lifeOf } from '@tokenkeep/sample'
import { useNow } from './use-now.ts'

/** Shows the remaining life of the auth token as a ring that runs out. */
export const LifeRing = ({ state }: { state: AuthState }) => {
  const { text, dashes } = lifeOf(state, useNow(250))
  const refreshing = state.status === 'refreshing'
  return (
    <div className="life">
      <svg viewBox="0 0 120 120" aria-hidden="true">
        <circle className="track" cx="60" cy="60" r="52" />
        <circle
          className={refreshing ? 'rest turning' : 'rest'}
          cx="60"
          cy="60"
          r="52"
          strokeDasharray={dashes}
        />
      </svg>
      <p>
        <strong data-testid="life" className={refreshing ? 'word' : undefined}>
          {text}
        </strong>
        <span>token life</span>
      </p>
    </div>
  )
}
