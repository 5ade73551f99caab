import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Keys, RefreshTokenKey } from './derived-keys.ts'

/** What a refresh token says. It is signed, so it can be believed before the database is asked. */
export interface RefreshToken {
  readonly userId: Buffer
  readonly sessionId: Buffer
  readonly generation: number
}

const prefix = 'rt1.'
const length = 1 + 16 + 16 + 4 + 16

// prefix, then base64url of: key id (1), user id (16), session id (16), generation (4), HMAC-SHA-256 (16 of 32).

const mac = ({ key }: RefreshTokenKey, body: Buffer, appId: string): Buffer =>
  createHmac('sha256', key).update(body).update(appId).digest().subarray(0, 16)

/** A pure function of its arguments: a retry gets the same child again, and nothing need be kept for it. */
export function writeRefreshToken({ refreshToken }: Keys, appId: string, token: RefreshToken): string {
  const key = refreshToken[0]!
  const body = Buffer.alloc(length - 16)
  body.writeUInt8(key.id, 0)
  token.userId.copy(body, 1)
  token.sessionId.copy(body, 17)
  body.writeUInt32BE(token.generation, 33)
  return prefix + Buffer.concat([body, mac(key, body, appId)]).toString('base64url')
}

/** Undefined for whatever this server did not write for this app (RFC 9700 section 4.14.2: integrity protected). */
export function readRefreshToken(
  { refreshToken }: Keys,
  appId: string,
  text: string,
): RefreshToken | undefined {
  if (!text.startsWith(prefix)) return undefined
  const bytes = Buffer.from(text.slice(prefix.length), 'base64url')
  // The second check: base64url ignores spare bits and stray characters, a signed token has none.
  if (bytes.length !== length || bytes.toString('base64url') !== text.slice(prefix.length)) return undefined
  const body = bytes.subarray(0, length - 16)
  const written = bytes.subarray(length - 16)
  const good = refreshToken.some(
    (key) => key.id === body[0] && timingSafeEqual(mac(key, body, appId), written),
  )
  if (!good) return undefined
  return {
    userId: body.subarray(1, 17),
    sessionId: body.subarray(17, 33),
    generation: body.readUInt32BE(33),
  }
}
