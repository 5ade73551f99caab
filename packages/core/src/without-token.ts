let isRunning = false

/**
 * Runs `work`. Requests that it begins before its first `await` never wait for a token: it is a refresh, or a
 * revocation, and may go through a client that sends the token.
 */
export function withoutToken<T>(work: () => T): T {
  isRunning = true
  try {
    return work()
  } finally {
    isRunning = false
  }
}

export const isWithoutToken = (): boolean => isRunning
