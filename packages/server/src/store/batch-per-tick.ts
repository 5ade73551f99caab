/** One call that waits in a batch, with the functions that settle its promise. */
export interface Job<Input, Output> {
  readonly input: Input
  resolve(output: Output): void
  reject(error: unknown): void
}

/** Collects the calls of one event loop tick and passes them to `work` as one batch. */
export function batchPerTick<Input, Output>(
  work: (jobs: readonly Job<Input, Output>[]) => void,
): (input: Input) => Promise<Output> {
  let jobs: Job<Input, Output>[] = []
  const start = (): void => {
    const all = jobs
    jobs = []
    work(all)
  }
  return (input) =>
    new Promise((resolve, reject) => {
      // `setImmediate` runs after the poll phase: by then the loop has read from every ready connection.
      if (!jobs.length) setImmediate(start)
      jobs.push({ input, resolve, reject })
    })
}
