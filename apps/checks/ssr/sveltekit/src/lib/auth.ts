import type { AuthState, TokenManager } from '@tokenkeep/core'
import { createAppSession, type SessionSnapshot } from '@tokenkeep/ssr/browser'
import { getContext, onDestroy, setContext } from 'svelte'
import { readable, type Readable } from 'svelte/store'

interface Auth extends TokenManager<SessionSnapshot> {
  readonly authState: Readable<AuthState>
}

/** Call it once in a layout. `snapshot`: what the server has rendered. A page for everybody has none. */
export function provideAuth(snapshot?: SessionSnapshot): Auth {
  const manager = createAppSession({ appId: 'shop', snapshot })
  onDestroy(manager.dispose)
  const authState = readable(manager.get(), (set) => {
    set(manager.get())
    return manager.subscribe(() => set(manager.get()))
  })
  return setContext('auth', { ...manager, authState })
}

/** For the components of the layout: `const { authState, getAuthToken, signOut } = useAuth()`. */
export const useAuth = (): Auth => getContext('auth')
