import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import { RequestDurations } from './request-durations.ts'
import { MINUTE_MS } from '../store/statistics.ts'
import type { Store } from '../store/store.ts'

export interface Metrics {
  /** Refreshes by app and outcome: `rotated`, `replayed`, `late`, `reused`, `fast-forwarded`, `refused`, `unproven`. */
  readonly refreshes: Counter<'app' | 'outcome'>
  /** Alarms by app and type: `reuse`, `displaced`, `stolen-token`, `forked`, `fast-forward`. */
  readonly alarms: Counter<'app' | 'type'>
  /** Seconds from the arrival of a request to its response. */
  readonly requests: RequestDurations
  readonly storeErrors: Counter
  /** All metrics in Prometheus's text format. */
  text(): Promise<string>
}

/** A sample of the live sessions can be one hour old: counting millions takes several rounds of housekeeping. */
const MAX_SAMPLE_AGE_MS = 60 * 60_000

/** The metrics of the server and its process (memory, CPU, event loop). */
export function createMetrics(store: Store, droppedLogLines: () => number, now: () => number): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const liveSessions = new Gauge({
    name: 'tokenkeep_live_sessions',
    help: 'Sessions that can be refreshed, as last sampled',
    labelNames: ['app'],
    registers: [],
    async collect() {
      // If the store fails, the other metrics are still returned.
      const apps = await store.apps.list().catch(() => [])
      for (const { id } of apps) {
        const samples = await store.statistics
          .list(id, now() - MAX_SAMPLE_AGE_MS, now() + 1, MINUTE_MS)
          .catch(() => [])
        const last = samples.findLast(({ live_sessions }) => live_sessions !== null)?.live_sessions
        if (last !== undefined && last !== null) this.set({ app: id }, last)
      }
    },
  })
  registry.registerMetric(liveSessions)
  const requests = new RequestDurations(
    'tokenkeep_request_duration_seconds',
    'Seconds from the arrival of a request to its response',
  )
  registry.registerMetric(requests.metric)
  registry.registerMetric(
    new Gauge({
      name: 'tokenkeep_log_lines_dropped_total',
      help: 'Lines of the log that were lost, because standard output took none',
      registers: [],
      collect() {
        this.set(droppedLogLines())
      },
    }),
  )
  return {
    refreshes: new Counter({
      name: 'tokenkeep_refreshes_total',
      help: 'Refreshes by outcome. replayed: a retry got the same refresh token again. reused: a used token ended its session',
      labelNames: ['app', 'outcome'],
      registers,
    }),
    alarms: new Counter({
      name: 'tokenkeep_alarms_total',
      help: 'What an administrator should look at. reuse, displaced, stolen-token: a stolen refresh token. forked: a copied key. fast-forward: lost commits',
      labelNames: ['app', 'type'],
      registers,
    }),
    requests,
    storeErrors: new Counter({
      name: 'tokenkeep_store_errors_total',
      help: 'Requests that got a 503 because the database did not answer',
      registers,
    }),
    text: () => registry.metrics(),
  }
}
