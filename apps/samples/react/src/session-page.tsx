import { useAuthToken } from '@tokenkeep/react'
import type { ApiCalls, Config, Store, Transition } from '@tokenkeep/sample'
import { ApiPanel } from './api-panel.tsx'
import { Log } from './log.tsx'
import { SessionCard } from './session-card.tsx'
import { SignInCard } from './sign-in-card.tsx'
import { StateView } from './state-view.tsx'

interface Props {
  readonly config: Config
  readonly calls: Store<ApiCalls>
  readonly journal: Store<readonly Transition[]>
}

/** Shows the session as it is now. */
export const SessionPage = ({ config, calls, journal }: Props) => {
  const signedOut = useAuthToken((state) => state.status === 'signed-out')
  return (
    <main>
      <StateView journal={journal} />
      {signedOut ? <SignInCard config={config} /> : <SessionCard />}
      <ApiPanel calls={calls} />
      <Log journal={journal} />
    </main>
  )
}
