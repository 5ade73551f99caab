import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { AuthError } from './auth-error.ts'

export interface KeySetOptions {
  readonly url: string
  readonly fetch: typeof fetch
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** Milliseconds. */
const bounds = {
  /** How old the keys get before they are fetched anew, behind the callers' backs. */
  age: 600_000,
  /** How long after a fetch an unknown key id is believed to be unknown: made-up ids cost the server nothing. */
  coolDown: 10_000,
  /** How long after a fetch that failed nobody tries again. */
  pause: 1000,
  request: 5000,
}

/**
 * An app's public keys (RFC 7517), fetched at first use. A key id they do not have makes them be fetched once more.
 * While the server is away the keys that are known stay good.
 */
export function createKeySet({ url, fetch, now }: KeySetOptions): JWTVerifyGetKey {
  let known: ReturnType<typeof createLocalJWKSet> | undefined
  let failure: AuthError | undefined
  let fetchedAt = -Infinity
  let fetching: Promise<void> | undefined

  async function load(): Promise<void> {
    fetchedAt = now()
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(bounds.request), redirect: 'manual' })
      if (!response.ok) throw new Error(`the keys' address answered ${response.status}`)
      known = createLocalJWKSet((await response.json()) as JSONWebKeySet)
      failure = undefined
    } catch (cause) {
      failure = new AuthError('keys_unavailable', { cause })
    }
  }

  /** One fetch at a time, whoever needs it. */
  const refetch = (after: number): Promise<void> | undefined => {
    if (!fetching && now() - fetchedAt < after) return undefined
    return (fetching ??= load().finally(() => (fetching = undefined)))
  }

  return async (header, token) => {
    if (typeof header.kid !== 'string') throw new errors.JWKSNoMatchingKey()
    if (!known) await refetch(bounds.pause)
    else void refetch(failure ? bounds.coolDown : bounds.age)
    if (!known) throw failure
    try {
      return await known(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      await refetch(bounds.coolDown)
      // A new key may be among those that cannot be had.
      if (failure) throw failure
      return known(header, token)
    }
  }
}
