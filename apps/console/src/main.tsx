import './zod-without-eval.ts'
import '@fontsource-variable/inter'
import '@fontsource-variable/jetbrains-mono'
import './base.css'
import { CSPProvider } from '@base-ui/react/csp-provider'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { AuthTokenProvider } from '@tokenkeep/react'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queryClient } from './api/query-client.ts'
import { router } from './router.tsx'
import { auth } from './session.ts'
import { ReauthenticateDialog } from './shell/reauthenticate-dialog.tsx'
import { SignInGate } from './shell/sign-in-gate.tsx'
import { language } from './texts/index.ts'
import { applyDesignTokens, applyTheme } from './theme.ts'
import { Toasts } from './ui/toasts.tsx'

document.documentElement.lang = language
applyDesignTokens()
applyTheme()

createRoot(document.querySelector('#root')!).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <AuthTokenProvider manager={auth}>
        <QueryClientProvider client={queryClient}>
          <Toasts>
            <SignInGate>
              <RouterProvider router={router} />
              <ReauthenticateDialog />
            </SignInGate>
          </Toasts>
        </QueryClientProvider>
      </AuthTokenProvider>
    </CSPProvider>
  </StrictMode>,
)
