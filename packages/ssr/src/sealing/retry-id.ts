import { toBase64url } from './base64url.ts'

const encoder = new TextEncoder()

/**
 * The retry id with which a refresh token is used: the first 128 bits of HMAC-SHA-256(secret, refresh token).
 *
 * All instances that hold the pair compute the same id. So they send the same request for the same token, even if one of
 * them has skipped generations. A thief who has only the token lacks the secret, which is created at sign-in and never
 * leaves the seal.
 */
export async function deriveRetryId(secret: string, refreshToken: string): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['sign'])
  const mac = await crypto.subtle.sign('HMAC', key, encoder.encode(refreshToken))
  return toBase64url(new Uint8Array(mac, 0, 16))
}
