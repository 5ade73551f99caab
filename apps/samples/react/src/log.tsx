import { asClock, asDateTime, type Store, type Transition } from '@tokenkeep/sample'
import { useStore } from './use-store.ts'

export const Log = ({ journal }: { journal: Store<readonly Transition[]> }) => {
  const transitions = useStore(journal)
  return (
    <section className="log" aria-labelledby="log-title">
      <h2 id="log-title">
        Transitions <small>{transitions.length > 0 ? transitions.length : 'none yet'}</small>
      </h2>
      <ol data-testid="transitions" tabIndex={0} aria-labelledby="log-title">
        {transitions.map(({ id, at, from, to, note }) => (
          <li key={id} data-status={to}>
            <time dateTime={asDateTime(at)}>{asClock(at)}</time>
            <span className="move">
              <span>{from}</span> <span aria-label="to">→</span> <b>{to}</b>
            </span>
            <span className="note">{note}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}
