import { inWords } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'
import { percent } from './timeline-axis.ts'
import styles from './timeline.module.css'

const words = t.sessionManagement.timeline

/** A person's calls to the API, in auth token lifetimes: busy, then reading for a while, then busy again. */
const calls = [0, 0.3, 0.55, 0.8, 1.05, 1.4, 1.7, 2, 2.1, 3.6, 3.9, 4.2, 4.5, 4.65, 4.9]

/** The auth tokens that those calls buy: each begins with the first call after the one before has lapsed. */
function tokens(): number[] {
  const begun: number[] = []
  for (const call of calls) if (begun.length === 0 || call >= begun.at(-1)! + 1) begun.push(call)
  return begun
}

/** The first minutes of that session: one auth token after the other, and a refresh only where a call needs it. */
export function CloseUp({ lifetime }: { readonly lifetime: number }) {
  const span = 5
  return (
    <div className={styles['close']}>
      <p>{words.closeUp(inWords(lifetime * span))}</p>
      <svg
        className={styles['drawing']}
        role="img"
        aria-label={`${words.token}: ${words.renewed}`}
        height="44"
      >
        {tokens().map((from) => (
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
        <span data-mark="token">{`${words.token}, ${words.renewed}`}</span>
        <span data-mark="call">{words.call}</span>
      </p>
    </div>
  )
}
