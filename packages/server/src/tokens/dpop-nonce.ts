import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto'
import type { Keys } from './derived-keys.ts'

// A nonce is the minute in which it was made, signed. So every replica knows it, and nobody stores it (RFC 9449 section 8).

const MINUTE_MS = 60_000
/** How many minutes a proof with a nonce can wait. */
export const NONCE_MINUTES = 5

const macOf = (key: KeyObject, appId: string, minute: number): Buffer =>
  createHmac('sha256', key).update(`${minute} ${appId}`).digest().subarray(0, 16)

/** Makes the nonce of this minute. `now`: milliseconds since the epoch. */
export function makeNonce({ dpopNonce: [key] }: Keys, appId: string, now: number): string {
  const minute = Math.floor(now / MINUTE_MS)
  return `${minute}.${macOf(key!, appId, minute).toString('base64url')}`
}

/** True if this server made the nonce for this app, at most five minutes ago. The replica that made it may be a minute ahead. */
export function isFreshNonce({ dpopNonce: keys }: Keys, appId: string, nonce: string, now: number): boolean {
  const [, text, mac] = /^(\d{1,12})\.([\w-]{22})$/.exec(nonce) ?? []
  const age = Math.floor(now / MINUTE_MS) - Number(text)
  if (mac === undefined || !(age >= -1 && age < NONCE_MINUTES)) return false
  const given = Buffer.from(mac, 'base64url')
  return keys.some((key) => timingSafeEqual(macOf(key, appId, Number(text)), given))
}
