import { RequireAuth, useAuthToken } from '@tokenkeep/react'
import type { ApiCalls, Config, Store, Transition } from '@tokenkeep/sample'
import type { AxiosInstance } from 'axios'
import { Navigate, NavLink, Route, Routes, useLocation } from 'react-router'
import { AccountPage } from './account-page.tsx'
import { CallsPage } from './calls-page.tsx'
import { ClientPage } from './client-page.tsx'
import { SessionPage } from './session-page.tsx'
import { SessionWarning } from './session-warning.tsx'
import { SignInPage } from './sign-in-page.tsx'
import { Wordmark } from './wordmark.tsx'

interface Props {
  readonly config: Config
  readonly client: AxiosInstance
  readonly calls: Store<ApiCalls>
  readonly journal: Store<readonly Transition[]>
}

export const App = ({ config, client, calls, journal }: Props) => {
  const status = useAuthToken((state) => state.status)
  const { pathname, search } = useLocation()
  const signIn = `/sign-in?next=${encodeURIComponent(pathname + search)}`
  return (
    <div className="page" data-status={status}>
      <header>
        <Wordmark />
        <nav>
          <NavLink to="/">Session</NavLink>
          <NavLink to="/calls">Twenty calls</NavLink>
          <NavLink to="/client">axios</NavLink>
          <NavLink to="/account">Account</NavLink>
        </nav>
        {pathname === '/' ? (
          <p className="where">
            React sample <span aria-hidden="true">·</span> <code>{config.appId}</code>
          </p>
        ) : (
          <p className="chip" data-testid="state">
            {status}
          </p>
        )}
      </header>
      <Routes>
        <Route index element={<SessionPage config={config} calls={calls} journal={journal} />} />
        <Route path="calls" element={<CallsPage />} />
        <Route path="client" element={<ClientPage client={client} />} />
        <Route
          path="account"
          element={
            <RequireAuth fallback={<Navigate to={signIn} replace />}>
              <AccountPage />
            </RequireAuth>
          }
        />
        <Route path="sign-in" element={<SignInPage config={config} />} />
        <Route path="*" element={<Navigate to="/" replace />} />
      </Routes>
      <SessionWarning />
      <footer>Open this page in a second tab: both tabs share one session and one refresh.</footer>
    </div>
  )
}
