import type { Metric } from 'prom-client'

/** The upper bounds of the buckets, in seconds. */
const BUCKET_BOUNDS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5]

interface Series {
  readonly labels: { readonly method: string; readonly route: string; readonly status: number }
  /** The number of requests per bucket. The last bucket is for durations above all bounds. */
  readonly counts: number[]
  /** The sum of all durations, in seconds. */
  sum: number
}

/**
 * A Prometheus histogram of request durations. prom-client's own histogram builds a text of the labels for each request and
 * looks up buckets by name, which takes half as much time as the UPDATE of a refresh.
 */
export class RequestDurations {
  readonly #series = new Map<string, Series>()
  /** The metric to register with prom-client. The registry uses only these members. */
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
      series = {
        labels: { method, route, status },
        counts: Array<number>(BUCKET_BOUNDS.length + 1).fill(0),
        sum: 0,
      }
      this.#series.set(key, series)
    }
    let bucket = 0
    while (bucket < BUCKET_BOUNDS.length && seconds > BUCKET_BOUNDS[bucket]!) bucket++
    series.counts[bucket]! += 1
    series.sum += seconds
  }

  #values(name: string): object[] {
    return [...this.#series.values()].flatMap(({ labels, counts, sum }) => {
      let count = 0
      const buckets = counts.map((inBucket, i) => ({
        metricName: `${name}_bucket`,
        labels: { le: BUCKET_BOUNDS[i] ?? '+Inf', ...labels },
        value: (count += inBucket),
      }))
      return [
        ...buckets,
        { metricName: `${name}_sum`, labels, value: sum },
        { metricName: `${name}_count`, labels, value: count },
      ]
    })
  }
}
