import { useAuthToken } from '@tokenkeep/react'
import { sentenceOf, type Store, type Transition } from '@tokenkeep/sample'
import { Diagram } from './diagram.tsx'
import { useStore } from './use-store.ts'

export const StateView = ({ journal }: { journal: Store<readonly Transition[]> }) => {
  const { state } = useAuthToken()
  const [latest] = useStore(journal)
  return (
    <section className="state" aria-labelledby="state-title">
      <h2 id="state-title">Auth state</h2>
      <p className="badge" aria-live="polite">
        <span className="lamp" aria-hidden="true" />
        <span data-testid="state">{state.status}</span>
      </p>
      <p className="sentence" data-testid="reason" data-reason={'reason' in state ? state.reason : undefined}>
        {sentenceOf(state)}
      </p>
      <Diagram now={state.status} from={latest?.to === state.status ? latest.from : undefined} />
    </section>
  )
}
