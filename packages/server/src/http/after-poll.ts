import { batchPerTick } from '../store/batch-per-tick.ts'

/**
 * Resolves, for all callers of one tick, after the event loop has read from every ready connection. The requests of a tick
 * then take each step together, while its code and data are in the processor's caches.
 */
export const afterPoll = batchPerTick<void, void>((jobs) => {
  for (const { resolve } of jobs) resolve()
})
