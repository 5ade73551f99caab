import { hash } from 'node:crypto'
import { EMPTY_SLOT, LOST_SLOT, RING_SLOTS, SLOT_LENGTH, type Session } from '../store/session-row.ts'
import type { Rotations } from './judge.ts'

/**
 * For this long after a rotation, an unnamed refresh of the predecessor still gets the successor, if the rotation was unnamed
 * too. It counts from the rotation and never slides. The clocks of two replicas may differ by as much.
 */
const GRACE_MS = 10_000

/** The form in which a row stores a retry id. */
export const hashRetryId = (retryId: string | undefined): string =>
  retryId ? hash('sha256', retryId).slice(0, SLOT_LENGTH) : EMPTY_SLOT

/** What a row remembers: its last eight rotations. `now`: milliseconds since the epoch. */
export function rotationsOf({ generation, attempts, rotated_at }: Session, now: number): Rotations {
  /** The last eight generations, newest first, each with the slot of the rotation that used it up. */
  const used = Array.from({ length: RING_SLOTS }, (_, back) => {
    const at = generation - 1 - back
    const start = (((at % RING_SLOTS) + RING_SLOTS) % RING_SLOTS) * SLOT_LENGTH
    return { at, slot: attempts.slice(start, start + SLOT_LENGTH) }
  })
  return {
    generation,
    generationOf(retryId) {
      const slot = hashRetryId(retryId)
      return slot === EMPTY_SLOT ? undefined : used.find((each) => each.slot === slot)?.at
    },
    kindOf(at) {
      const slot = used.find((each) => each.at === at)?.slot
      if (slot === undefined) return 'unknown'
      return slot === EMPTY_SLOT ? 'unnamed' : slot === LOST_SLOT ? 'lost' : 'named'
    },
    isRecent: Math.abs(now - rotated_at) < GRACE_MS,
  }
}
