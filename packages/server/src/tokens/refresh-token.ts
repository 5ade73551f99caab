import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Keys, RefreshTokenKey } from './derived-keys.ts'

/** The content of a refresh token. It is signed, so it can be trusted before the database is read. */
export interface RefreshToken {
  readonly userId: Buffer
  readonly sessionId: Buffer
  readonly generation: number
  /**
   * The first 16 bytes of the thumbprint of the key that the token is bound to (RFC 9449 section 5). Absent if it is not bound. So
   * a stolen token of a bound session is refused without the database.
   */
  readonly key?: Buffer | undefined
}

const PREFIX = 'rt1.'
/** The prefix of a bound token. */
const BOUND_PREFIX = 'rt2.'
const MAC_LENGTH = 16
const KEY_LENGTH = 16
/**
 * Bytes after the prefix, in base64url: key id (1), user id (16), session id (16), generation (4), of a bound token the key (16),
 * HMAC-SHA-256 (16 of 32).
 */
const LENGTH = 1 + 16 + 16 + 4 + MAC_LENGTH

/** No app id contains U+0000, so no MAC is one of the other kind. */
const macOf = ({ key }: RefreshTokenKey, body: Buffer, appId: string, isBound: boolean): Buffer =>
  createHmac('sha256', key)
    .update(body)
    .update(isBound ? `\0${appId}` : appId)
    .digest()
    .subarray(0, MAC_LENGTH)

/** The part of a thumbprint that a bound token contains. `jkt`: in base64url. */
export const boundKey = (jkt: string): Buffer => Buffer.from(jkt, 'base64url').subarray(0, KEY_LENGTH)

/** Encodes and signs a refresh token. The result depends on the arguments only, so a retry gets the same successor again. */
export function signRefreshToken({ refreshToken }: Keys, appId: string, token: RefreshToken): string {
  const key = refreshToken[0]!
  const body = Buffer.alloc(LENGTH - MAC_LENGTH + (token.key ? KEY_LENGTH : 0))
  body.writeUInt8(key.id, 0)
  token.userId.copy(body, 1)
  token.sessionId.copy(body, 17)
  body.writeUInt32BE(token.generation, 33)
  token.key?.copy(body, 37)
  const mac = macOf(key, body, appId, !!token.key)
  return (token.key ? BOUND_PREFIX : PREFIX) + Buffer.concat([body, mac]).toString('base64url')
}

/** Reads a refresh token. Returns undefined if this server did not sign it for this app (RFC 9700 section 4.14.2). */
export function verifyRefreshToken(
  { refreshToken }: Keys,
  appId: string,
  text: string,
): RefreshToken | undefined {
  const isBound = text.startsWith(BOUND_PREFIX)
  if (!isBound && !text.startsWith(PREFIX)) return undefined
  const bytes = Buffer.from(text.slice(PREFIX.length), 'base64url')
  const length = LENGTH + (isBound ? KEY_LENGTH : 0)
  // The decoder ignores spare bits and stray characters, so compare with the canonical form too.
  if (bytes.length !== length || bytes.toString('base64url') !== text.slice(PREFIX.length)) return undefined
  const body = bytes.subarray(0, -MAC_LENGTH)
  const mac = bytes.subarray(-MAC_LENGTH)
  const signed = refreshToken.some(
    (key) => key.id === body[0] && timingSafeEqual(macOf(key, body, appId, isBound), mac),
  )
  if (!signed) return undefined
  return {
    userId: body.subarray(1, 17),
    sessionId: body.subarray(17, 33),
    generation: body.readUInt32BE(33),
    ...(isBound && { key: body.subarray(37) }),
  }
}
