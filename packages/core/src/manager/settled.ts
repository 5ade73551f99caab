import type { TokenManager } from './api.ts'
import type { AuthState, Refreshing, Session } from '../machine/state.ts'

/** An auth state that tells who is signed in: any but the first, which lasts until the storage has been read. */
export type SettledState = Exclude<AuthState, Refreshing> | (Refreshing & { readonly session: Session })

export const isSettled = (state: AuthState): state is SettledState =>
  state.status !== 'refreshing' || state.session !== undefined

/** Whether there is a session to go on with; undefined until the storage has been read. */
export const isSignedIn = (state: AuthState): boolean | undefined => {
  if (!isSettled(state)) return undefined
  if (state.status === 'signed-out') return false
  return state.status !== 'expired' || state.session.renewable
}

/** The auth state, once the storage has been read: at once where it has been. */
export const settled = (auth: Pick<TokenManager, 'get' | 'subscribe'>): Promise<SettledState> =>
  new Promise((resolve) => {
    const look = (): void => {
      const state = auth.get()
      if (!isSettled(state)) return
      stop()
      resolve(state)
    }
    const stop = auth.subscribe(look)
    look()
  })
