import { useAuthToken, type AuthState } from '@tokenkeep/react'
import { Diagram } from './diagram.tsx'
import type { Transition } from './journal.ts'
import { useStore, type Store } from './store.ts'

const reasons: Record<Extract<AuthState, { status: 'signed-out' }>['reason'], string> = {
  none: 'Nobody has signed in here yet.',
  'signed-out': 'You signed out.',
  revoked: 'The session was ended elsewhere.',
  expired: 'The session reached the end of its life.',
  inactive: 'The session was not used for too long.',
  unreadable: 'The browser lost the session.',
}

const Sentence = ({ state }: { state: AuthState }) => {
  switch (state.status) {
    case 'valid':
      return 'The token works: every call goes out with it.'
    case 'refreshing':
      return state.session
        ? 'A new token is on its way; one request, whatever asks.'
        : 'Looking for a session…'
    case 'expired':
      return state.cause
        ? `Still signed in, but the last refresh failed (${state.cause.code}). It will be tried again.`
        : 'Still signed in. The next call fetches a new token.'
    case 'signed-out':
      return (
        <span data-testid="reason" data-reason={state.reason}>
          {reasons[state.reason]}
        </span>
      )
  }
}

export const StateView = ({ journal }: { journal: Store<readonly Transition[]> }) => {
  const state = useAuthToken((whole) => whole)
  const [latest] = useStore(journal)
  return (
    <section className="state" aria-labelledby="state-title">
      <h2 id="state-title">Auth state</h2>
      <p className="badge" aria-live="polite">
        <span className="lamp" aria-hidden="true" />
        <span data-testid="state">{state.status}</span>
      </p>
      <p className="sentence">
        <Sentence state={state} />
      </p>
      <Diagram now={state.status} from={latest?.to === state.status ? latest.from : undefined} />
    </section>
  )
}
