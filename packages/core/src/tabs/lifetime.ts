import type { SignedInRecord } from './record.ts'

// When an auth token can be used, by this device's wall clock. All values are milliseconds.

/** The last part of a token's life, in which it is not served: a token must reach the API before it expires. */
const margin = ({ lifetime }: SignedInRecord): number => Math.min(5000, lifetime / 10)

export const expiresAt = (record: SignedInRecord): number =>
  record.receivedAt + record.lifetime - margin(record)

/** How long the token can still be used. 0 if the clock was set back to before the token arrived. */
export const remaining = (record: SignedInRecord, now: number): number =>
  now < record.receivedAt - 1000 ? 0 : expiresAt(record) - now

/** True for a token that has just arrived. If an API answers it with 401, the API is at fault, not the token. */
export const isFresh = (record: SignedInRecord, now: number): boolean =>
  now - record.receivedAt < margin(record)
