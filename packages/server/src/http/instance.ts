import { createCounts, type CountsSoFar } from '../operations/statistics-counter.ts'
import { createDirectory, type Directory } from '../tokens/app-cache.ts'
import { createFeed, type Feed } from '../sessions/revocation-feed.ts'
import type { Keys } from '../tokens/derived-keys.ts'
import { createLimits, type LimitOptions, type Limits } from './rate-limits.ts'
import { createMetrics, type Metrics } from '../operations/metrics.ts'
import type { Store } from '../store/store.ts'

/** What all requests of one server share. */
export interface Instance {
  readonly store: Store
  readonly keys: Keys
  readonly directory: Directory
  readonly counts: CountsSoFar
  readonly feed: Feed
  readonly metrics: Metrics
  readonly limits: Limits
  /** Without a slash at its end. */
  readonly baseUrl: string
  issuerOf(appId: string): string
  /** Milliseconds since the epoch. */
  now(): number
}

export function createInstance(
  store: Store,
  keys: Keys,
  baseUrl: string,
  limits: LimitOptions | undefined,
  now: () => number,
): Instance {
  const base = baseUrl.replace(/\/$/, '')
  return {
    store,
    keys,
    directory: createDirectory(store, keys, now),
    counts: createCounts(store, now),
    feed: createFeed(store, now),
    metrics: createMetrics(store, now),
    limits: createLimits(limits),
    baseUrl: base,
    issuerOf: (appId) => `${base}/v1/apps/${appId}`,
    now,
  }
}
