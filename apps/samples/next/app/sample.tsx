'use client'

import { useAuthToken } from '@tokenkeep/react'
import { ApiPanel, Log, SessionCard, StateView, Wordmark } from '@tokenkeep/react-sample'
import { createJournal, startApiCalls, type ServerAnswer } from '@tokenkeep/sample'
import { useState } from 'react'
import { RenderedPanel } from './rendered-panel'
import { SignInForm } from './sign-in-form'

/** The page of the React sample. A server renders it too. */
export const Sample = ({ answer }: { readonly answer: ServerAnswer }) => {
  const { manager, state } = useAuthToken()
  const [calls] = useState(() => startApiCalls(manager))
  const [journal] = useState(() => createJournal(manager))
  return (
    <div className="page" data-status={state.status}>
      <header>
        <Wordmark />
        <p className="where">
          Next.js sample <span aria-hidden="true">·</span> <code>demo</code>
        </p>
      </header>
      <main>
        <StateView journal={journal} />
        {state.status === 'signed-out' ? <SignInForm /> : <SessionCard />}
        <RenderedPanel answer={answer} journal={journal} />
        <ApiPanel calls={calls} />
        <Log journal={journal} />
      </main>
      <footer>
        The server has rendered this page. Open it in a second tab, and sign out in one of them.
      </footer>
    </div>
  )
}
