/** Something asked for, and where to answer it. */
export interface Job<Input, Output> {
  readonly input: Input
  resolve(output: Output): void
  reject(error: unknown): void
}

/** Hands over together what is asked for within one turn of the event loop. */
export function gathered<Input, Output>(
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
      // After the loop has read from every connection that has something to say.
      if (!jobs.length) setImmediate(start)
      jobs.push({ input, resolve, reject })
    })
}
