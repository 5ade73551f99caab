import { createMetrics, type Metrics } from '../operations/metrics.ts'
import { createReadiness, type Readiness } from '../operations/readiness.ts'
import { createStatisticsCounter, type StatisticsCounter } from '../operations/statistics-counter.ts'
import { createRevocationFeed, type RevocationFeed } from '../sessions/revocation-feed.ts'
import type { Store } from '../store/store.ts'
import { createAppCache, type AppCache } from '../tokens/app-cache.ts'
import { createClientSecrets, type ClientSecrets } from '../tokens/client-secrets.ts'
import type { Keys } from '../tokens/derived-keys.ts'
import { createUsedProofs, type UsedProofs } from '../tokens/used-proofs.ts'
import type { BaseUrl } from '../base-url.ts'
import { createOnceAnHour } from './once-an-hour.ts'
import { createRateLimits, type RateLimitOptions, type RateLimits } from './rate-limits.ts'

/** What all requests of one server share. */
export interface Instance {
  readonly store: Store
  readonly keys: Keys
  readonly appCache: AppCache
  readonly clientSecrets: ClientSecrets
  readonly proofs: UsedProofs
  /** True for the first alarm of a session and type in an hour. `now`: milliseconds since the epoch. */
  isNewAlarm(alarm: string, now: number): boolean
  readonly counts: StatisticsCounter
  readonly feed: RevocationFeed
  readonly metrics: Metrics
  readonly readiness: Readiness
  readonly limits: RateLimits
  readonly base: BaseUrl
  issuerOf(appId: string): string
  /** Milliseconds since the epoch. */
  now(): number
}

export interface InstanceOptions {
  readonly store: Store
  readonly keys: Keys
  readonly base: BaseUrl
  readonly limits: RateLimitOptions | undefined
  droppedLogLines(): number
  now(): number
}

export function createInstance({
  store,
  keys,
  base,
  limits,
  droppedLogLines,
  now,
}: InstanceOptions): Instance {
  return {
    store,
    keys,
    appCache: createAppCache(store, keys, now),
    clientSecrets: createClientSecrets(store, now),
    proofs: createUsedProofs(),
    isNewAlarm: createOnceAnHour(),
    counts: createStatisticsCounter(store, now),
    feed: createRevocationFeed(store, now),
    metrics: createMetrics(store, droppedLogLines, now),
    readiness: createReadiness(store, now),
    limits: createRateLimits(limits),
    base,
    issuerOf: (appId) => `${base.href}/v1/apps/${appId}`,
    now,
  }
}
