import { toBase64url } from './base64url.ts'

const encoder = new TextEncoder()

/**
 * The retry id with which a refresh token is used: the first 128 bits of HMAC-SHA-256(secret, refresh token).
 *
 * It is a function of what every holder of the pair has. So all instances send the same request for the same token, also
 * if one of them has skipped generations. Who has stolen the token alone lacks the secret, which is drawn at sign-in and
 * never leaves the seal.
 */
export async function deriveRetryId(secret: string, refreshToken: string): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['sign'])
  const mac = await crypto.subtle.sign('HMAC', key, encoder.encode(refreshToken))
  return toBase64url(new Uint8Array(mac, 0, 16))
}
