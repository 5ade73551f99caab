import { formatDuration } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'
import { percent } from './timeline-axis.ts'
import styles from './timeline.module.css'

const texts = t.sessionManagement.timeline

/** The times of a person's API calls. The unit is one auth token lifetime. The person is busy, pauses, and is busy again. */
const calls = [0, 0.3, 0.55, 0.8, 1.05, 1.4, 1.7, 2, 2.1, 3.6, 3.9, 4.2, 4.5, 4.65, 4.9]

/** Returns the start times of the auth tokens. A new token starts with the first call after the previous token expires. */
function tokenStarts(): number[] {
  const starts: number[] = []
  for (const call of calls) if (starts.length === 0 || call >= starts.at(-1)! + 1) starts.push(call)
  return starts
}

/** Draws the first auth tokens of the session: a refresh happens only if a call needs it. `lifetime` is seconds. */
export function CloseUp({ lifetime }: { readonly lifetime: number }) {
  const span = 5
  return (
    <div className={styles['close']}>
      <p>{texts.closeUp(formatDuration(lifetime * span))}</p>
      <svg
        className={styles['drawing']}
        role="img"
        aria-label={`${texts.token}: ${texts.renewed}`}
        height="44"
      >
        {tokenStarts().map((from) => (
          <rect
            key={from}
            className={styles['token']}
            x={percent(from, span)}
            y="4"
            width={percent(Math.min(1, span - from) * 0.992, span)}
            height="16"
            rx="4"
          />
        ))}
        {calls.map((at) => (
          <circle key={at} className={styles['call']} cx={percent(at + 0.03, span)} cy="32" r="2.5" />
        ))}
      </svg>
      <p className={styles['legend']}>
        <span data-mark="token">{`${texts.token}, ${texts.renewed}`}</span>
        <span data-mark="call">{texts.call}</span>
      </p>
    </div>
  )
}
