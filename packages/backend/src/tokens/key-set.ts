import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { sleep } from '../timing.ts'
import type { RevocationList } from '../revocations/revocation-list.ts'
import { AuthError } from './auth-error.ts'

export interface KeySetOptions {
  readonly url: string
  readonly fetch: typeof fetch
  /** Returns milliseconds on a clock that only runs forward. */
  readonly elapsed: () => number
  /** The keys that were dropped, because they may be stolen. What was fetched before may still contain them. Default: none. */
  readonly dropped?: () => Pick<RevocationList, 'isDropped' | 'droppedAt'> | undefined
}

// All of these are milliseconds.
/** Keys older than this are fetched again in the background. */
const MAX_AGE = 600_000
/** After a fetch, unknown key ids cause no other fetch for this long. So invented ids cause no load on the server. */
const UNKNOWN_KEY_COOLDOWN = 10_000
/** After a failed fetch, there is no other fetch for this long. */
const FAILURE_PAUSE = 1000
const REQUEST_TIMEOUT = 5000
/** A request that waits for the fetch of another request waits at most this long. Then it fetches by itself. */
const SHARED_WAIT = 1000
const POLL_INTERVAL = 20
/** A fetch that has not ended after this time has ended with the request that began it, as in a worker. */
const LOST_AFTER = REQUEST_TIMEOUT + 1000

/**
 * The public keys of an app (RFC 7517), fetched at first use, and again for an unknown key id. While the server cannot
 * be reached, the keys that were fetched before stay in use.
 *
 * Requests share a fetch, but no promise: in a worker, a fetch stops with the request that began it, and its promise
 * never settles. So the others look at the result in timers of their own.
 */
export function createKeySet({ url, fetch, elapsed, dropped }: KeySetOptions): JWTVerifyGetKey {
  let keys: ReturnType<typeof createLocalJWKSet> | undefined
  let keysFetchedAt = -Infinity
  let failure: AuthError | undefined
  let startedAt = -Infinity
  let isFetching = false
  const age = (): number => elapsed() - startedAt

  async function fetchKeys(): Promise<void> {
    const start = elapsed()
    startedAt = start
    isFetching = true
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(REQUEST_TIMEOUT), redirect: 'manual' })
      if (!response.ok) throw new Error(`${url} answered ${response.status}. Check url and appId.`)
      const received = createLocalJWKSet((await response.json()) as JSONWebKeySet)
      // A fetch that began later may have been faster.
      if (start < keysFetchedAt) return
      keys = received
      keysFetchedAt = start
      failure = undefined
    } catch (cause) {
      if (start > keysFetchedAt) failure = new AuthError('keys_unavailable', { cause })
    } finally {
      if (start === startedAt) isFetching = false
    }
  }

  /** Fetches, if the last fetch began at least `ms` milliseconds ago or does not end. First waits for one that runs. */
  async function fetchIfOlderThan(ms: number): Promise<void> {
    // oxlint-disable-next-line no-await-in-loop, no-unmodified-loop-condition -- Another request changes it.
    while (isFetching && age() < SHARED_WAIT) await sleep(POLL_INTERVAL)
    if (isFetching || age() >= ms) await fetchKeys()
  }

  /** Keeps the keys fresh in the background. If that fetch was lost, this request fetches and waits, so that its fetch can end. */
  async function refreshKeys(): Promise<void> {
    if (isFetching && age() > LOST_AFTER) await fetchKeys()
    else if (!isFetching && age() >= (failure ? UNKNOWN_KEY_COOLDOWN : MAX_AGE)) void fetchKeys()
  }

  return async (header, token) => {
    if (typeof header.kid !== 'string' || dropped?.()?.isDropped(header.kid))
      throw new errors.JWKSNoMatchingKey()
    await (keys ? refreshKeys() : fetchIfOlderThan(FAILURE_PAUSE))
    if (!keys) throw failure
    try {
      return await keys(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      // The keys that replace dropped ones are published only then.
      const areReplaced = (dropped?.()?.droppedAt ?? -Infinity) > startedAt
      await fetchIfOlderThan(areReplaced ? 0 : UNKNOWN_KEY_COOLDOWN)
      // The fetch failed, so the server may have published this key. The token is not known to be invalid.
      if (failure) throw failure
      return keys(header, token)
    }
  }
}
