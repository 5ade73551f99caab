import { browserEnvironment } from '../environment.ts'
import type { TokenManager } from './api.ts'
import { sessionClock, type Readable } from './session-clock.ts'

/**
 * Counts down to the end of the session, in whole seconds. The value is 0 once the session is over, and undefined while
 * nobody is signed in or if no end is known. It changes each second, so subscribe only where it is shown.
 *
 * @example
 * ```ts
 * import { createTokenManager, endsIn, sessionServer } from '@tokenkeep/core'
 *
 * const auth = createTokenManager({
 *   transport: sessionServer({ url: 'https://auth.example.com', appId: 'shop' }),
 * })
 * const seconds = endsIn(auth)
 * const stop = seconds.subscribe(() => console.log(`Your session ends in ${seconds.get()} seconds.`))
 * ```
 */
export const endsIn = (
  auth: Pick<TokenManager, 'get' | 'subscribe'>,
  env = browserEnvironment,
): Readable<number | undefined> =>
  sessionClock(auth, env, {
    valueOf: (_, left) => Math.max(0, Math.ceil(left / 1000)),
    delayOf: (left) => left % 1000 || 1000,
  })
