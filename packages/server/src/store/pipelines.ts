import type pg from 'pg'
import type { Job } from './batch-per-tick.ts'
import { destroyConnection } from './postgres-pool.ts'

const isReadOnly = (error: unknown): boolean => (error as { code?: string }).code === '25006'

/** A connection in use, until everything sent on it is answered. */
interface Pipeline {
  readonly client: Promise<pg.PoolClient>
  /** How many batches are not answered yet. */
  open: number
  /** Stops using this connection for new batches. */
  forget(): void
}

/**
 * Sends statements on a few connections at a time without waiting for earlier answers. The pool needs the option
 * `pipeline`; its size is the number of connections. A batch goes out in one write per connection. An answer can wait for
 * the answers before it on the same connection, so use this only for short statements that wait for no lock.
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
      // All jobs settle together, so that the callers continue in the same tick and their next statements form one batch again.
      for (const [i, { resolve, reject }] of jobs.entries()) {
        const answer = answers[i]!
        if (answer.status === 'fulfilled') resolve(answer.value)
        else reject(answer.reason)
      }
      // This host has become a standby. The next connection finds the primary.
      if (answers.some((each) => each.status === 'rejected' && isReadOnly(each.reason)))
        destroyConnection(client)
      if (--pipeline.open > 0) return
      pipeline.forget()
      client.off('end', pipeline.forget)
      // The pool discards a broken connection.
      client.release()
    } catch (error) {
      for (const { reject } of jobs) reject(error)
    }
  }
  return (jobs) => {
    // Prefer idle connections. If all are busy, take the next one in turn.
    const idle = [...pipelines.keys()].filter((at) => !pipelines[at])
    const chosen = idle.length ? idle : [next++ % pipelines.length]
    const share = Math.ceil(jobs.length / chosen.length)
    for (let i = 0; i * share < jobs.length; i++)
      void send(chosen[i]!, jobs.slice(i * share, (i + 1) * share))
  }
}
