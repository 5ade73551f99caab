import { AuthTokenProvider, createTokenManager, sessionServer } from '@tokenkeep/react'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { startApiCalls } from './api-calls.ts'
import { App } from './app.tsx'
import { createJournal } from './journal.ts'
import type { Config } from './sign-in.ts'
import './page.css'

const root = createRoot(document.querySelector('#root')!)

try {
  const config = (await (await fetch('/config.json')).json()) as Config
  const auth = createTokenManager({ transport: sessionServer(config) })
  root.render(
    <StrictMode>
      <AuthTokenProvider manager={auth}>
        <App config={config} calls={startApiCalls(auth)} journal={createJournal(auth)} />
      </AuthTokenProvider>
    </StrictMode>,
  )
} catch {
  root.render(
    <p role="alert" className="halt">
      This page could not reach its own backend. Start it with <code>pnpm start</code> and reload.
    </p>,
  )
}
