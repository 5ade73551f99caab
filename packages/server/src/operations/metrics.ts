import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import { Durations } from './request-durations.ts'
import { minute } from '../store/statistics.ts'
import type { Store } from '../store/store.ts'

export interface Metrics {
  /** Refreshes by app and outcome: `rotated`, `replayed`, `late`, `reused`, `fast-forwarded`, `refused`. */
  readonly refreshes: Counter<'app' | 'outcome'>
  /** Seconds from a request's arrival to its answer. */
  readonly requests: Durations
  readonly storeErrors: Counter
  /** Prometheus's text format. */
  text(): Promise<string>
}

/** How old a sample of the live sessions may be: millions are counted in as many rounds of housekeeping as it takes. ms. */
const fresh = 60 * 60_000

/** What the server tells Prometheus, with its process's memory, CPU and event loop. */
export function createMetrics(store: Store, now: () => number): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const liveSessions = new Gauge({
    name: 'tokenkeep_live_sessions',
    help: 'Sessions that can be refreshed, as last sampled',
    labelNames: ['app'],
    registers: [],
    async collect() {
      // Whatever the store can tell now: without it, the other metrics still are.
      const apps = await store.apps.list().catch(() => [])
      for (const { id } of apps) {
        const samples = await store.statistics.list(id, now() - fresh, now() + 1, minute).catch(() => [])
        const last = samples.findLast(({ live_sessions }) => live_sessions !== null)?.live_sessions
        if (last !== undefined && last !== null) this.set({ app: id }, last)
      }
    },
  })
  registry.registerMetric(liveSessions)
  const requests = new Durations('tokenkeep_request_duration_seconds', 'Time from a request to its answer')
  registry.registerMetric(requests.metric)
  return {
    refreshes: new Counter({
      name: 'tokenkeep_refreshes_total',
      help: 'Refreshes by outcome: replayed is a retry that got its tokens again, reused a stolen token that ended its session',
      labelNames: ['app', 'outcome'],
      registers,
    }),
    requests,
    storeErrors: new Counter({
      name: 'tokenkeep_store_errors_total',
      help: 'Requests answered 503 because the database could not answer',
      registers,
    }),
    text: () => registry.metrics(),
  }
}
