import { DEVELOPMENT } from '../development.ts'
import { browserEnvironment } from '../environment.ts'
import type { TokenManager } from './api.ts'
import { sessionClock, type Readable } from './session-clock.ts'
import type { SessionEnd } from './session-end.ts'
import { staySignedIn } from './stay-signed-in.ts'

/** The session is about to end. */
export interface SessionWarning extends SessionEnd {
  /** Calls `staySignedIn()`. After it, no tab shows the warning. Needs no `this`. */
  staySignedIn(): Promise<void>
}

/**
 * Warns before the session ends: the value is there for the last `seconds` of the session, in every tab, and undefined
 * before, after, and while nobody is signed in. While it has a subscriber, it asks the server once when the session is
 * over, by a refresh that does not count as activity. So the state then becomes `signed-out`, although the app made no
 * call. WCAG 2.2.1 asks for at least 20 seconds.
 *
 * @throws TypeError in development, if `seconds` is not more than 0
 *
 * @example
 * ```ts
 * import { createTokenManager, sessionServer, sessionWarning } from '@tokenkeep/core'
 *
 * const auth = createTokenManager({
 *   transport: sessionServer({ url: 'https://auth.example.com', appId: 'shop' }),
 * })
 * const warning = sessionWarning(auth, 60)
 * warning.subscribe(() => {
 *   if (warning.get()?.canStay && confirm('Stay signed in?')) void warning.get()?.staySignedIn()
 * })
 * ```
 */
export function sessionWarning(
  auth: Pick<TokenManager, 'get' | 'subscribe' | 'getAuthToken'>,
  seconds: number,
  env = browserEnvironment,
): Readable<SessionWarning | undefined> {
  if (DEVELOPMENT && !(seconds > 0)) throw new TypeError('sessionWarning() needs more than 0 seconds.')
  const time = seconds * 1000
  let last: { readonly end: SessionEnd; readonly warning: SessionWarning } | undefined
  return sessionClock(auth, env, {
    valueOf(end, left) {
      if (left <= 0 || left > time) return undefined
      if (last?.end !== end) last = { end, warning: { ...end, staySignedIn: () => staySignedIn(auth, env) } }
      return last.warning
    },
    delayOf: (left) => (left > time ? left - time : left),
    onOver() {
      // If the session is not over, a caller who needs a token gets the error.
      auth.getAuthToken({ minValidSeconds: Infinity, activity: 'background' }).catch(() => {})
    },
  })
}
