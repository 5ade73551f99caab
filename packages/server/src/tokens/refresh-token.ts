import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Keys, RefreshTokenKey } from './derived-keys.ts'

/** The content of a refresh token. It is signed, so it can be trusted before the database is read. */
export interface RefreshToken {
  readonly userId: Buffer
  readonly sessionId: Buffer
  readonly generation: number
}

const PREFIX = 'rt1.'
const MAC_LENGTH = 16
/** Bytes after the prefix, in base64url: key id (1), user id (16), session id (16), generation (4), HMAC-SHA-256 (16 of 32). */
const LENGTH = 1 + 16 + 16 + 4 + MAC_LENGTH

const macOf = ({ key }: RefreshTokenKey, body: Buffer, appId: string): Buffer =>
  createHmac('sha256', key).update(body).update(appId).digest().subarray(0, 16)

/** Encodes and signs a refresh token. The result depends on the arguments only, so a retry gets the same successor again. */
export function signRefreshToken({ refreshToken }: Keys, appId: string, token: RefreshToken): string {
  const key = refreshToken[0]!
  const body = Buffer.alloc(LENGTH - MAC_LENGTH)
  body.writeUInt8(key.id, 0)
  token.userId.copy(body, 1)
  token.sessionId.copy(body, 17)
  body.writeUInt32BE(token.generation, 33)
  return PREFIX + Buffer.concat([body, macOf(key, body, appId)]).toString('base64url')
}

/** Reads a refresh token. Returns undefined if this server did not sign it for this app (RFC 9700 section 4.14.2). */
export function verifyRefreshToken(
  { refreshToken }: Keys,
  appId: string,
  text: string,
): RefreshToken | undefined {
  if (!text.startsWith(PREFIX)) return undefined
  const bytes = Buffer.from(text.slice(PREFIX.length), 'base64url')
  // The decoder ignores spare bits and stray characters, so compare with the canonical form too.
  if (bytes.length !== LENGTH || bytes.toString('base64url') !== text.slice(PREFIX.length)) return undefined
  const body = bytes.subarray(0, LENGTH - MAC_LENGTH)
  const mac = bytes.subarray(LENGTH - MAC_LENGTH)
  const signed = refreshToken.some(
    (key) => key.id === body[0] && timingSafeEqual(macOf(key, body, appId), mac),
  )
  if (!signed) return undefined
  return {
    userId: body.subarray(1, 17),
    sessionId: body.subarray(17, 33),
    generation: body.readUInt32BE(33),
  }
}
