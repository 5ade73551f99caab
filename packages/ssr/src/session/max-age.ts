import { isSignedIn, type SealedRecord } from './sealed-record.ts'

/** Browsers keep no cookie longer (RFC 6265bis section 5.5): 400 days. Seconds. */
export const MAX_AGE = 34_560_000
/** How long a record is kept that says why its session is over, or that holds a revocation. Seconds. */
const SIGNED_OUT_MAX_AGE = 604_800

/** How long a record is kept, in its cookie and in a store. Seconds. */
export function maxAgeOf(record: SealedRecord, now: number): number {
  if (!isSignedIn(record)) return SIGNED_OUT_MAX_AGE
  const { absoluteExpiresAt = Infinity } = record.session
  // The server decides when a session is over. A wrong clock must not delete the record before that.
  return Math.max(60, Math.min(MAX_AGE, Math.ceil((absoluteExpiresAt - now) / 1000)))
}
