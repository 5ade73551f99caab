import { createAuthFetch, type TokenManager } from '@tokenkeep/core'
import { EventSource } from 'eventsource'

/**
 * Follows a stream of server-sent events for somebody who is signed in, with the token in the header that the browser's
 * own `EventSource` cannot send. Whenever it reconnects it asks for the token of that time, and a 401 is asked again with
 * a fresh one. Returns its end.
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
