/** A key that seals cookies, and the id by which a cookie names it. */
export interface SealingKey {
  readonly id: string
  readonly key: CryptoKey
}

/** The length of a key id in a sealed value. Bytes. */
export const KEY_ID_LENGTH = 4
const KEY_LENGTH = 32
const MIN_SECRET_LENGTH = 32

/**
 * Derives the key of one app from a secret (HKDF-SHA-256, RFC 5869). Two apps that share a secret cannot open each
 * other's cookies.
 */
export async function deriveKey(secret: string, appId: string): Promise<SealingKey> {
  const encoder = new TextEncoder()
  const material = await crypto.subtle.importKey('raw', encoder.encode(secret), 'HKDF', false, ['deriveBits'])
  const parameters = {
    name: 'HKDF',
    hash: 'SHA-256',
    salt: new Uint8Array(),
    info: encoder.encode(`tokenkeep ssr ${appId}`),
  }
  const bits = new Uint8Array(
    await crypto.subtle.deriveBits(parameters, material, (KEY_ID_LENGTH + KEY_LENGTH) * 8),
  )
  return {
    id: String.fromCharCode(...bits.subarray(0, KEY_ID_LENGTH)),
    key: await crypto.subtle.importKey('raw', bits.subarray(KEY_ID_LENGTH), 'AES-GCM', false, [
      'encrypt',
      'decrypt',
    ]),
  }
}

/** @throws TypeError if there is no secret, or if one is too short to be random */
export function checkSecrets(secrets: readonly string[]): void {
  if (secrets.length === 0 || secrets.some((secret) => secret.length < MIN_SECRET_LENGTH))
    throw new TypeError(
      `keys must hold at least one random secret of ${MIN_SECRET_LENGTH} characters or more: make one with "openssl rand -base64 32".`,
    )
}
