import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { AuthError } from './auth-error.ts'

export interface KeySetOptions {
  readonly url: string
  readonly fetch: typeof fetch
  /** Returns the time in milliseconds since the Unix epoch. */
  readonly now: () => number
}

// All of these are milliseconds.
/** Keys older than this are fetched again in the background. No caller waits for that. */
const MAX_AGE = 600_000
/** After a fetch, unknown key ids cause no other fetch for this long. So invented ids cause no load on the server. */
const UNKNOWN_KEY_COOLDOWN = 10_000
/** After a failed fetch, there is no other fetch for this long. */
const FAILURE_PAUSE = 1000
const REQUEST_TIMEOUT = 5000

/**
 * The public keys of an app (RFC 7517), fetched at first use, and again for an unknown key id. While the server cannot
 * be reached, the keys that were fetched before stay in use.
 */
export function createKeySet({ url, fetch, now }: KeySetOptions): JWTVerifyGetKey {
  let keys: ReturnType<typeof createLocalJWKSet> | undefined
  let failure: AuthError | undefined
  let fetchedAt = -Infinity
  let pendingFetch: Promise<void> | undefined

  async function fetchKeys(): Promise<void> {
    fetchedAt = now()
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(REQUEST_TIMEOUT), redirect: 'manual' })
      if (!response.ok) throw new Error(`${url} answered ${response.status}. Check url and appId.`)
      keys = createLocalJWKSet((await response.json()) as JSONWebKeySet)
      failure = undefined
    } catch (cause) {
      failure = new AuthError('keys_unavailable', { cause })
    }
  }

  /** Fetches the keys if the last fetch was at least `ms` milliseconds ago. All callers share one fetch. */
  const fetchIfOlderThan = (ms: number): Promise<void> | undefined => {
    if (!pendingFetch && now() - fetchedAt < ms) return undefined
    return (pendingFetch ??= fetchKeys().finally(() => (pendingFetch = undefined)))
  }

  return async (header, token) => {
    if (typeof header.kid !== 'string') throw new errors.JWKSNoMatchingKey()
    if (!keys) await fetchIfOlderThan(FAILURE_PAUSE)
    else void fetchIfOlderThan(failure ? UNKNOWN_KEY_COOLDOWN : MAX_AGE)
    if (!keys) throw failure
    try {
      return await keys(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      await fetchIfOlderThan(UNKNOWN_KEY_COOLDOWN)
      // The fetch failed, so the server may have published this key. The token is not known to be invalid.
      if (failure) throw failure
      return keys(header, token)
    }
  }
}
