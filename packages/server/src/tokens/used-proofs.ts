import { hash } from 'node:crypto'
import { NONCE_MINUTES } from './dpop-nonce.ts'

/** Longer than any proof is accepted: a proof with a nonce is the last to go. */
const WINDOW_MS = (NONCE_MINUTES + 2) * 60_000
/** A hundred thousand proofs take about 10 MB. If there are more in one window, the older half is forgotten. */
const MAX_PROOFS = 100_000

/** The proofs that one process has accepted (RFC 9449 section 11.1). */
export interface UsedProofs {
  /** Uses a proof up. Returns false if it was used before. `now`: milliseconds since the epoch. */
  use(jkt: string, jti: string, now: number): boolean
}

/** Remembers each proof for at least seven minutes, unless there are too many. */
export function createUsedProofs(): UsedProofs {
  let current = new Set<string>()
  let previous = new Set<string>()
  let startedAt = 0
  return {
    use(jkt, jti, now) {
      if (Math.abs(now - startedAt) >= WINDOW_MS || current.size >= MAX_PROOFS) {
        previous = current
        current = new Set()
        startedAt = now
      }
      const id = hash('sha256', `${jkt} ${jti}`, 'base64url').slice(0, 22)
      if (current.has(id) || previous.has(id)) return false
      current.add(id)
      return true
    },
  }
}
