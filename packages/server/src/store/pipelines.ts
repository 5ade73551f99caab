import type pg from 'pg'
import type { Job } from './batch-per-tick.ts'

/** A connection at work, until all that was sent on it is answered. */
interface Pipeline {
  readonly client: Promise<pg.PoolClient>
  /** How many sendings are not answered yet. */
  open: number
  /** Sends nothing more on it. */
  forget(): void
}

/**
 * Asks on a few connections at a time (as many as the pool may have, made with `pipeline`), without waiting for the
 * answers before: what is asked for together goes out in one write on each. An answer may wait for others before it on
 * its connection, so this is for statements that take no time and wait for no lock.
 */
export function pipelined<Input, Output>(
  pool: pg.Pool,
  ask: (client: pg.PoolClient, input: Input) => Promise<Output>,
): (jobs: readonly Job<Input, Output>[]) => void {
  const pipelines: (Pipeline | undefined)[] = Array.from({ length: pool.options.max })
  let next = 0

  const connect = (at: number): Pipeline => {
    const client = pool.connect()
    const pipeline = {
      client,
      open: 0,
      forget() {
        if (pipelines[at] === pipeline) pipelines[at] = undefined
      },
    }
    client.then((connected) => connected.once('end', pipeline.forget), pipeline.forget)
    return (pipelines[at] = pipeline)
  }

  const send = async (at: number, jobs: readonly Job<Input, Output>[]): Promise<void> => {
    const pipeline = pipelines[at] ?? connect(at)
    pipeline.open++
    try {
      const client = await pipeline.client
      const { stream } = client.connection
      stream.cork()
      const asked = jobs.map(({ input }) => ask(client, input))
      stream.uncork()
      const answers = await Promise.allSettled(asked)
      // All at once: who was asked together goes on together, and asks together again.
      for (const [i, { resolve, reject }] of jobs.entries()) {
        const answer = answers[i]!
        if (answer.status === 'fulfilled') resolve(answer.value)
        else reject(answer.reason)
      }
      if (--pipeline.open > 0) return
      pipeline.forget()
      client.off('end', pipeline.forget)
      // The pool drops one that is broken.
      client.release()
    } catch (error) {
      for (const { reject } of jobs) reject(error)
    }
  }
  return (jobs) => {
    // Those at work are left to it: while they are, the others' answers are read and asked on.
    const idle = [...pipelines.keys()].filter((at) => !pipelines[at])
    const chosen = idle.length ? idle : [next++ % pipelines.length]
    const share = Math.ceil(jobs.length / chosen.length)
    for (let i = 0; i * share < jobs.length; i++)
      void send(chosen[i]!, jobs.slice(i * share, (i + 1) * share))
  }
}
