import type { Metric } from 'prom-client'

/** Upper bounds. Seconds. */
const bounds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5]

interface Series {
  readonly labels: { readonly method: string; readonly route: string; readonly status: number }
  /** How many took at most as long as each bound, and longer than the one before it; those that took longer than all are the last. */
  readonly counts: number[]
  /** Seconds. */
  sum: number
}

/**
 * How long requests take, as a Prometheus histogram. Not prom-client's own, which writes a text of the labels for each
 * request and looks its buckets up by name: that costs a refresh half of what its UPDATE does.
 */
export class Durations {
  readonly #series = new Map<string, Series>()
  /** For prom-client's registry, which asks a metric no more than this. */
  readonly metric: Metric

  constructor(name: string, help: string) {
    const type = 'histogram'
    const get = async () => ({ name, help, type, aggregator: 'sum', values: this.#values(name) })
    this.metric = { name, help, type, get } as unknown as Metric
  }

  observe(method: string, route: string, status: number, seconds: number): void {
    const key = `${method} ${status} ${route}`
    let series = this.#series.get(key)
    if (!series) {
      series = { labels: { method, route, status }, counts: Array<number>(bounds.length + 1).fill(0), sum: 0 }
      this.#series.set(key, series)
    }
    let at = 0
    while (at < bounds.length && seconds > bounds[at]!) at++
    series.counts[at]! += 1
    series.sum += seconds
  }

  #values(name: string): object[] {
    return [...this.#series.values()].flatMap(({ labels, counts, sum }) => {
      let count = 0
      const buckets = counts.map((more, i) => ({
        metricName: `${name}_bucket`,
        labels: { le: bounds[i] ?? '+Inf', ...labels },
        value: (count += more),
      }))
      return [
        ...buckets,
        { metricName: `${name}_sum`, labels, value: sum },
        { metricName: `${name}_count`, labels, value: count },
      ]
    })
  }
}
