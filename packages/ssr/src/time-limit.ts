/** Settles as the work does, and rejects if the work takes too long. The work goes on. Milliseconds. */
export async function timeLimit<T>(work: Promise<T>, limit: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`There was no answer within ${limit} ms.`)), limit)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** Resolves after this time. Milliseconds. */
export const sleep = (time: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time))
