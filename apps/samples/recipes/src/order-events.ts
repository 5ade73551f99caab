import { createAuthFetch, type TokenManager } from '@tokenkeep/core'
import { EventSource } from 'eventsource'

/**
 * Follows a stream of server-sent events for a signed-in user. The token is in a header, which the browser's own
 * `EventSource` cannot send. Each reconnect uses the current token, and after a 401 a new one. Returns a function that
 * stops this.
 */
export const followOrderEvents = (
  auth: TokenManager,
  url: string,
  onOrder: (order: string) => void,
): (() => void) => {
  const source = new EventSource(url, { fetch: createAuthFetch(auth, { origins: [new URL(url).origin] }) })
  source.addEventListener('message', ({ data }) => onOrder(String(data)))
  const stop = auth.subscribe(({ status }) => {
    if (status === 'signed-out') source.close()
  })
  return () => {
    stop()
    source.close()
  }
}
