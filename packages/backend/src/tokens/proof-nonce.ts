import { base64url } from 'jose'

// A nonce is the minute in which it was made, signed, so nothing is stored for it (RFC 9449 section 9).

/** How many minutes a proof with a nonce can wait. */
export const NONCE_MINUTES = 5

export interface ProofNonces {
  /** Makes the nonce of this minute. */
  make(): Promise<string>
  /** True if `make` returned it, here or in another process with the same secret, at most five minutes ago. */
  isFresh(nonce: string): Promise<boolean>
}

/** Without a secret, only this process knows its nonces. `now`: milliseconds since the Unix epoch. */
export function createProofNonces(secret: string | undefined, now: () => number): ProofNonces {
  const bytes = secret === undefined ? undefined : new TextEncoder().encode(`dpop nonce ${secret}`)
  let key: Promise<CryptoKey> | undefined
  // Some runtimes have no random numbers before the first request.
  const importKey = (): Promise<CryptoKey> =>
    crypto.subtle.importKey(
      'raw',
      bytes ?? crypto.getRandomValues(new Uint8Array(32)),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign', 'verify'],
    )
  const minuteNow = (): number => Math.floor(now() / 60_000)
  return {
    async make() {
      const minute = String(minuteNow())
      const mac = await crypto.subtle.sign(
        'HMAC',
        await (key ??= importKey()),
        new TextEncoder().encode(minute),
      )
      return `${minute}.${base64url.encode(new Uint8Array(mac))}`
    },
    async isFresh(nonce) {
      const [, minute = '', mac = ''] = /^(\d{1,12})\.([\w-]{43})$/.exec(nonce) ?? []
      const age = minuteNow() - Number(minute)
      if (!mac || !(age >= -1 && age < NONCE_MINUTES)) return false
      const given = Uint8Array.from(base64url.decode(mac))
      return crypto.subtle.verify(
        'HMAC',
        await (key ??= importKey()),
        given,
        new TextEncoder().encode(minute),
      )
    },
  }
}
