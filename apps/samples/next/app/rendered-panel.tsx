import { useAuthToken } from '@tokenkeep/react'
import { useStore } from '@tokenkeep/react-sample'
import { noteOn, refreshesIn, type ServerAnswer, type Store, type Transition } from '@tokenkeep/sample'

interface Props {
  readonly answer: ServerAnswer
  readonly journal: Store<readonly Transition[]>
}

/** Shows what the server has learnt from the API, before any script ran in the browser. */
export const RenderedPanel = ({ answer, journal }: Props) => {
  const note = noteOn(answer, useAuthToken().state)
  const refreshes = refreshesIn(useStore(journal))
  return (
    <section className="rendered" aria-labelledby="rendered-title">
      <h2 id="rendered-title">
        Rendered by the server <small>{answer.at}</small>
      </h2>
      {note ? (
        <p data-testid="rendered-note">{note}</p>
      ) : (
        <dl>
          <div>
            <dt>Signed in as</dt>
            <dd data-testid="rendered-name">{answer.account?.name ?? 'unknown'}</dd>
          </div>
          <div>
            <dt>
              <code>GET /api/account</code>
            </dt>
            <dd data-testid="rendered-answer">{answer.answer}</dd>
          </div>
          <div>
            <dt>Refreshes by this tab</dt>
            <dd data-testid="refreshes">{refreshes}</dd>
          </div>
        </dl>
      )}
    </section>
  )
}
