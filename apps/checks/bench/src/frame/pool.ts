/** Runs `work` on each item, `atOnce` items at a time. The results are in the order of the items. */
export async function pool<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const outcomes: R[] = []
  const waiting = items.entries()
  const run = async (): Promise<void> => {
    for (const [index, item] of waiting) outcomes[index] = await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, run))
  return outcomes
}
