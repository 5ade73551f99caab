import type { Session } from '../machine/session.ts'

/** A session of a manager whose transport is `withProof(…)`. The key is a part of the session's record, so neither gets lost alone. */
export interface ProvenSession extends Session {
  readonly dpop?: SessionKey | undefined
}

/** The private key cannot be read by scripts. */
export interface SessionKey extends CryptoKeyPair {
  /** Whether the server has bound the session's tokens to it. */
  readonly isBound?: boolean
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** Makes a key for ES256, which every browser can store. Rejects where a platform has none. */
export const makeKeys = async (): Promise<CryptoKeyPair> =>
  crypto.subtle.generateKey(ALGORITHM, false, ['sign'])

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)
const base64url = (bytes: string): string =>
  btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
const encode = (bytes: ArrayBuffer): string => base64url(String.fromCharCode(...new Uint8Array(bytes)))

/** The hash of an auth token, which a proof for a request with that token contains. */
export const hashOf = async (token: string): Promise<string> =>
  encode(await crypto.subtle.digest(ALGORITHM.hash, utf8(token)))

/** Makes the proof of one request (RFC 9449 section 4.2). `now`: milliseconds since the Unix epoch. */
export async function makeProof(
  { publicKey, privateKey }: CryptoKeyPair,
  url: string,
  now: number,
  claims: { readonly htm: string | undefined; readonly nonce: string | undefined; readonly ath?: string },
): Promise<string> {
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey)
  const signed = [
    { typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } },
    { ...claims, htu: url.replace(/[?#].*/, ''), iat: Math.floor(now / 1000), jti: crypto.randomUUID() },
  ]
    .map((part) => base64url(JSON.stringify(part)))
    .join('.')
  return `${signed}.${encode(await crypto.subtle.sign(ALGORITHM, privateKey, utf8(signed)))}`
}
