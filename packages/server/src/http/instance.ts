import { createMetrics, type Metrics } from '../operations/metrics.ts'
import { createStatisticsCounter, type StatisticsCounter } from '../operations/statistics-counter.ts'
import { createRevocationFeed, type RevocationFeed } from '../sessions/revocation-feed.ts'
import type { Store } from '../store/store.ts'
import { createAppCache, type AppCache } from '../tokens/app-cache.ts'
import { createClientSecrets, type ClientSecrets } from '../tokens/client-secrets.ts'
import type { Keys } from '../tokens/derived-keys.ts'
import { createRateLimits, type RateLimitOptions, type RateLimits } from './rate-limits.ts'

/** What all requests of one server share. */
export interface Instance {
  readonly store: Store
  readonly keys: Keys
  readonly appCache: AppCache
  readonly clientSecrets: ClientSecrets
  readonly counts: StatisticsCounter
  readonly feed: RevocationFeed
  readonly metrics: Metrics
  readonly limits: RateLimits
  /** Without a trailing slash. */
  readonly baseUrl: string
  issuerOf(appId: string): string
  /** Milliseconds since the epoch. */
  now(): number
}

export function createInstance(
  store: Store,
  keys: Keys,
  baseUrl: string,
  limits: RateLimitOptions | undefined,
  now: () => number,
): Instance {
  const base = baseUrl.replace(/\/$/, '')
  return {
    store,
    keys,
    appCache: createAppCache(store, keys, now),
    clientSecrets: createClientSecrets(store, now),
    counts: createStatisticsCounter(store, now),
    feed: createRevocationFeed(store, now),
    metrics: createMetrics(store, now),
    limits: createRateLimits(limits),
    baseUrl: base,
    issuerOf: (appId) => `${base}/v1/apps/${appId}`,
    now,
  }
}
