import { createJournal, startApiCalls, type Config } from '@tokenkeep/sample'
import '@tokenkeep/sample/page.css'
import { AuthTokenProvider, createTokenManager, sessionServer } from '@tokenkeep/react'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'
import { App } from './app.tsx'
import { createClient } from './client.ts'

const root = createRoot(document.querySelector('#root')!)

try {
  const config = (await (await fetch('/config.json')).json()) as Config
  const auth = createTokenManager({ transport: sessionServer(config) })
  root.render(
    <StrictMode>
      <AuthTokenProvider manager={auth}>
        <BrowserRouter>
          <App
            config={config}
            client={createClient(auth)}
            calls={startApiCalls(auth)}
            journal={createJournal(auth)}
          />
        </BrowserRouter>
      </AuthTokenProvider>
    </StrictMode>,
  )
} catch {
  root.render(
    <p role="alert" className="halt">
      This page could not reach its own backend. Start it with <code>npm start</code> and reload.
    </p>,
  )
}
