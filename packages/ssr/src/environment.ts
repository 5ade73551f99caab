/** What the sessions take from the platform. */
export interface ServerEnvironment {
  /** The wall clock: milliseconds since the Unix epoch. */
  now(): number
  /** Sends a request to the session server. With a store, it must give up after five seconds, as the platform's does. */
  fetch(url: string, init: RequestInit): Promise<Response>
}

/** How long the session server may take to answer. A page waits for it. Milliseconds. */
export const REQUEST_TIMEOUT = 5000

export const platform: ServerEnvironment = {
  now: () => Date.now(),
  fetch: (url, init) =>
    // Workers do not know `redirect: 'error'`. A redirect is no answer, so it counts as a failure.
    fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(REQUEST_TIMEOUT) }),
}

/** If two clocks differ by more than this, the server's clock counts. Its header has whole seconds only. Milliseconds. */
const TOLERANCE = 2000

/**
 * Returns an environment that tells the time of the session server, as soon as the server has answered. So instances
 * whose clocks differ agree on when a token expires.
 */
export function onServerTime(environment: ServerEnvironment): ServerEnvironment {
  let offset = 0
  const now = (): number => environment.now() + offset
  return {
    now,
    async fetch(url, init) {
      const sent = now()
      const response = await environment.fetch(url, init)
      const date = Date.parse(response.headers.get('date') ?? '')
      // The server wrote the date after it got the request. A slow answer must not turn the clock back.
      if (date < sent - TOLERANCE || date > now() + TOLERANCE) offset = date - environment.now()
      return response
    },
  }
}
