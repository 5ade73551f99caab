/** The environment of the platforms that lack what every browser has. */
import { browserEnvironment, REQUEST_TIMEOUT, type Environment } from '../environment.ts'
import { randomId } from '../random-id.ts'

/**
 * The environment for platforms that are not browsers. It differs from `browserEnvironment` in three points:
 * - If `crypto` is missing, as in React Native, random ids come from `Math.random()`.
 * - It ends requests after 10 seconds by a timer of its own, because React Native lacks `AbortSignal.timeout`.
 * - It refuses redirects by itself, because Cloudflare Workers lack `redirect: 'error'`.
 *
 * @example A Cloudflare Worker: the session lives as long as the worker
 * ```ts
 * import { createTokenManager, memoryStore, sessionServer } from '@tokenkeep/core'
 * import { portableEnvironment } from '@tokenkeep/core/portable'
 *
 * const auth = createTokenManager({
 *   transport: sessionServer({ url: 'https://auth.example.com', appId: 'shop' }),
 *   storage: memoryStore(),
 *   environment: portableEnvironment,
 * })
 * ```
 */
export const portableEnvironment: Environment = {
  ...browserEnvironment,
  entropy: () => ({ now: Date.now(), id: randomId(), jitter: Math.random() }),
  async fetch(input, init) {
    const deadline = new AbortController()
    browserEnvironment.after(REQUEST_TIMEOUT, () => deadline.abort())
    const response = await fetch(input, {
      ...init,
      keepalive: true,
      redirect: 'manual',
      signal: deadline.signal,
      authToken: 'never',
    } as RequestInit)
    // A redirect is no answer.
    if (!response.ok && response.status < 400) throw new TypeError('The server has redirected the request.')
    return response
  },
}
