import { useAuthToken } from '@tokenkeep/react'
import type { ApiCalls } from './api-calls.ts'
import { ApiPanel } from './api-panel.tsx'
import type { Transition } from './journal.ts'
import { Log } from './log.tsx'
import { SessionCard } from './session-card.tsx'
import { SignInCard } from './sign-in-card.tsx'
import type { Config } from './sign-in.ts'
import { StateView } from './state-view.tsx'
import type { Store } from './store.ts'

interface Props {
  readonly config: Config
  readonly calls: Store<ApiCalls>
  readonly journal: Store<readonly Transition[]>
}

export const App = ({ config, calls, journal }: Props) => {
  const status = useAuthToken((state) => state.status)
  return (
    <div className="page" data-status={status}>
      <header>
        <p className="wordmark">
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <circle cx="16" cy="16" r="12" />
            <path d="M16 4a12 12 0 1 1-12 12" />
          </svg>
          Tokenkeep
        </p>
        <p className="where">
          React sample <span aria-hidden="true">·</span> <code>{config.appId}</code>
        </p>
      </header>
      <main>
        <StateView journal={journal} />
        {status === 'signed-out' ? <SignInCard config={config} /> : <SessionCard />}
        <ApiPanel calls={calls} />
        <Log journal={journal} />
      </main>
      <footer>Open this page in a second tab: both share one session, and one refresh.</footer>
    </div>
  )
}
