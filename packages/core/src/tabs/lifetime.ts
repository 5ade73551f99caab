import type { SignedInRecord } from './record.ts'

// When an auth token can be used, by this device's wall clock. All values are milliseconds.

/** The last part of a token's life, in which it is not served: a token must reach the API before it expires. */
const margin = ({ lifetime }: SignedInRecord): number => Math.min(5000, lifetime / 10)

/**
 * When the token stops being served: at most five seconds before it expires. Milliseconds since the Unix epoch.
 *
 * @example
 * ```ts
 * import { expiresAt, signIn } from '@tokenkeep/core/cross-tab'
 *
 * const session = { id: 'session-1', userId: 'user-1', renewable: true }
 * const record = signIn('e1', { session, token: 'auth.token.1', lifetime: 300_000 }, Date.now())()
 * console.log(new Date(expiresAt(record)))
 * ```
 */
export const expiresAt = (record: SignedInRecord): number =>
  record.receivedAt + record.lifetime - margin(record)

/**
 * How long the token can still be used. Milliseconds; 0 if the clock was set back to before the token arrived.
 *
 * @example
 * ```ts
 * import { remaining, signIn } from '@tokenkeep/core/cross-tab'
 *
 * const session = { id: 'session-1', userId: 'user-1', renewable: true }
 * const record = signIn('e1', { session, token: 'auth.token.1', lifetime: 300_000 }, Date.now())()
 * console.log(remaining(record, Date.now()) > 0) // true
 * ```
 */
export const remaining = (record: SignedInRecord, now: number): number =>
  now < record.receivedAt - 1000 ? 0 : expiresAt(record) - now

/**
 * True for a token that has just arrived. If an API answers it with 401, the API is at fault, not the token.
 *
 * @example
 * ```ts
 * import { isFresh, signIn } from '@tokenkeep/core/cross-tab'
 *
 * const session = { id: 'session-1', userId: 'user-1', renewable: true }
 * const record = signIn('e1', { session, token: 'auth.token.1', lifetime: 300_000 }, Date.now())()
 * console.log(isFresh(record, Date.now())) // true
 * ```
 */
export const isFresh = (record: SignedInRecord, now: number): boolean =>
  now - record.receivedAt < margin(record)
