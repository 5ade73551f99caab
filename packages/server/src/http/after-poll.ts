import { gathered } from '../store/batch-per-tick.ts'

/**
 * Resolves, for all who wait, when the event loop has read from every connection that has something to say. Each step is
 * then taken for all of them before the next one, with its code and data in the processor's caches.
 */
export const endOfTurn = gathered<void, void>((jobs) => {
  for (const { resolve } of jobs) resolve()
})
