import type { SignedInRecord } from './record.ts'

// When an auth token may be used, by this device's wall clock. Milliseconds.

/** A part of its life is left out: it must outlive its way to the API. */
const margin = ({ lifetime }: SignedInRecord): number => Math.min(5000, lifetime / 10)

export const expiresAt = (record: SignedInRecord): number =>
  record.receivedAt + record.lifetime - margin(record)

/** How long it can still be used; not at all where the clock was set back to before it came. */
export const remaining = (record: SignedInRecord, now: number): number =>
  now < record.receivedAt - 1000 ? 0 : expiresAt(record) - now

/** True for a token that has only just come: a 401 on it says something about the API, not about the token. */
export const isFresh = (record: SignedInRecord, now: number): boolean =>
  now - record.receivedAt < margin(record)
