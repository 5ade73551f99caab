let running = 0

/**
 * Runs a refresh or a revocation of the app's own. Requests that it begins before its first `await` never wait for a
 * token, so they may go through a client that sends the token.
 */
export function withoutToken<T>(work: () => T): T {
  running++
  try {
    return work()
  } finally {
    running--
  }
}

export const isWithoutToken = (): boolean => running > 0
