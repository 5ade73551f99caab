import type { TokenManager } from './api.ts'
import { browserEnvironment } from '../environment.ts'
import type { AuthState } from '../machine/state.ts'

/** Milliseconds between two tries: one that fails is not repeated at once. */
const pause = 5000

/**
 * Refreshes already `seconds` before the token expires, so that no caller has to wait: for as long as the page is
 * visible, and the server is told that nobody asked. Returns its end.
 */
export function refreshAhead(
  auth: Pick<TokenManager, 'get' | 'subscribe' | 'getAuthToken'>,
  seconds: number,
  env = browserEnvironment,
): () => void {
  let cancel = (): void => {}
  const watch = (state: AuthState): void => {
    cancel()
    if (state.status !== 'valid' || !state.session.renewable) return
    cancel = env.after(Math.max(state.expiresAt - env.now() - seconds * 1000, pause), () => {
      if (!env.visible()) return watch(auth.get())
      // A second more than is left. What goes wrong is for whoever asks for the token in the end.
      auth.getAuthToken({ minValidSeconds: seconds + 1, activity: 'background' }).catch(() => {})
    })
  }
  const stop = auth.subscribe(watch)
  watch(auth.get())
  return () => {
    stop()
    cancel()
  }
}
