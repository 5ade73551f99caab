import { browserEnvironment } from '../environment.ts'
import type { AuthState } from '../machine/state.ts'
import type { TokenManager } from './api.ts'

/** The shortest time between two tries, so that a failure is not repeated at once. Milliseconds. */
const MIN_DELAY = 5000

/**
 * Refreshes `seconds` before the token expires, but not before the last quarter of its life. So no caller has to wait. It
 * does so only while the page is visible, and tells the server that no user was active. Returns a function that ends it.
 *
 * @example
 * ```ts
 * import { createTokenManager, refreshAhead, sessionServer } from '@tokenkeep/core'
 *
 * const transport = sessionServer({ url: 'https://auth.example.com', appId: 'shop' })
 * const stop = refreshAhead(createTokenManager({ transport }), 30)
 * ```
 */
export function refreshAhead(
  auth: Pick<TokenManager, 'get' | 'subscribe' | 'getAuthToken'>,
  seconds: number,
  env = browserEnvironment,
): () => void {
  let cancel = (): void => {}
  let token: string | undefined
  /** At most a quarter of a token's life, because a token may live shorter than `seconds`. Milliseconds. */
  let ahead = 0
  const schedule = (state: AuthState): void => {
    cancel()
    if (state.status !== 'valid' || !state.session.renewable) return
    const left = state.expiresAt - env.now()
    if (state.token !== token) ahead = Math.min(seconds * 1000, left / 4)
    token = state.token
    const delay = Math.max(left - ahead, MIN_DELAY)
    cancel = env.after(delay, () => {
      if (!env.isVisible()) return schedule(auth.get())
      // Asks for one second more than is left, so that the token is refreshed. If that fails, the next caller who needs a
      // token gets the error.
      const minValidSeconds = Math.max(state.expiresAt - env.now(), 0) / 1000 + 1
      auth.getAuthToken({ minValidSeconds, activity: 'background' }).catch(() => {})
    })
  }
  const stop = auth.subscribe(schedule)
  schedule(auth.get())
  return () => {
    stop()
    cancel()
  }
}
