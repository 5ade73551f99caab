import type { Session } from '../machine/session.ts'
import type { AuthState, Refreshing } from '../machine/state.ts'
import type { TokenManager } from './api.ts'

/** A state that tells who is signed in: any state but the first, which lasts until the storage has been read. */
export type SettledState = Exclude<AuthState, Refreshing> | (Refreshing & { readonly session: Session })

/**
 * Tells whether the storage has been read, so that the state says who is signed in.
 *
 * @example
 * ```ts
 * import { initialState, isSettled } from '@tokenkeep/core'
 *
 * console.log(isSettled(initialState)) // false
 * ```
 */
export const isSettled = (state: AuthState): state is SettledState =>
  state.status !== 'refreshing' || state.session !== undefined

/**
 * Tells whether a user is signed in. False if the auth token has expired and the session cannot be refreshed. Undefined
 * until the storage has been read.
 *
 * @example
 * ```ts
 * import { isSignedIn } from '@tokenkeep/core'
 *
 * console.log(isSignedIn({ status: 'signed-out', reason: 'none' })) // false
 * ```
 */
export const isSignedIn = (state: AuthState): boolean | undefined => {
  if (!isSettled(state)) return undefined
  if (state.status === 'signed-out') return false
  return state.status !== 'expired' || state.session.renewable
}

/**
 * Resolves to the state once the storage has been read.
 *
 * @example
 * ```ts
 * import { createTokenManager, sessionServer, settled } from '@tokenkeep/core'
 *
 * const transport = sessionServer({ url: 'https://auth.example.com', appId: 'shop' })
 * const state = await settled(createTokenManager({ transport }))
 * if (state.status === 'signed-out') location.assign('/sign-in')
 * ```
 */
export const settled = (auth: Pick<TokenManager, 'get' | 'subscribe'>): Promise<SettledState> =>
  new Promise((resolve) => {
    const check = (): void => {
      const state = auth.get()
      if (!isSettled(state)) return
      stop()
      resolve(state)
    }
    const stop = auth.subscribe(check)
    check()
  })
