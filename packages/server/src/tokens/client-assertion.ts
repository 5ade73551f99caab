import { createPublicKey, hash, verify, type KeyObject } from 'node:crypto'
import type { AppModes } from '@tokenkeep/protocol'

type Jwk = AppModes['client_jwks']['keys'][number]

/** An assertion with which a client authenticates itself, once it is verified (RFC 7523 section 3). */
export interface ClientAssertion {
  /** 16 bytes that stand for the client and its `jti`: an assertion is used once. */
  readonly id: Buffer
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

/** An assertion lives at most ten minutes. It is made for one request. */
const MAX_LIFETIME_SECONDS = 600
/** How far the client's clock may be ahead. */
const SKEW_SECONDS = 60

/** How a key of each kind signs (RFC 7518 section 3.1, RFC 8037, RFC 9864). The key says it, not the header. */
const methods: Readonly<
  Record<string, { readonly algs: readonly string[]; readonly digest: string | null }>
> = {
  'EC P-256': { algs: ['ES256'], digest: 'sha256' },
  'OKP Ed25519': { algs: ['EdDSA', 'Ed25519'], digest: null },
  'RSA ': { algs: ['RS256'], digest: 'sha256' },
}

function decode(part: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString())
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function importKey(jwk: Jwk): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' })
  } catch {
    return undefined
  }
}

function isSignedBy(jwk: Jwk, header: Record<string, unknown>, signed: string, signature: Buffer): boolean {
  const method = methods[`${jwk.kty} ${String(jwk['crv'] ?? '')}`]
  if (!method || !method.algs.includes(String(header['alg']))) return false
  if (header['kid'] !== undefined && jwk.kid !== undefined && header['kid'] !== jwk.kid) return false
  const key = importKey(jwk)
  if (!key) return false
  return verify(method.digest, Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }, signature)
}

/**
 * Verifies an assertion by which a client authenticates itself (RFC 7523 section 3, OpenID Connect Core section 9). Returns
 * undefined if anything is wrong with it. `audiences`: this server's names. The assertion must be for one of them, and for
 * no other audience. `now` is in milliseconds since the epoch.
 */
export function verifyClientAssertion(
  keys: readonly Jwk[],
  clientId: string,
  audiences: readonly string[],
  text: string,
  now: number,
): ClientAssertion | undefined {
  const [head, body, mac, ...rest] = text.split('.')
  const [header, claims] = [decode(head), decode(body)]
  if (!header || !claims || !mac || rest.length) return undefined
  const { iss, sub, aud, exp, nbf, jti } = claims
  const seconds = now / 1000
  const named = Array.isArray(aud) ? (aud as unknown[]) : [aud]
  const isForUs =
    iss === clientId &&
    sub === clientId &&
    named.length === 1 &&
    named.every((name) => audiences.includes(String(name)))
  const isTimely =
    typeof exp === 'number' &&
    exp > seconds &&
    exp <= seconds + MAX_LIFETIME_SECONDS + SKEW_SECONDS &&
    (nbf === undefined || (typeof nbf === 'number' && nbf <= seconds + SKEW_SECONDS))
  if (!isForUs || !isTimely || typeof jti !== 'string' || !jti) return undefined
  const signature = Buffer.from(mac, 'base64url')
  if (!keys.some((key) => isSignedBy(key, header, `${head}.${body}`, signature))) return undefined
  const id = hash('sha256', `${clientId} ${jti}`, 'buffer').subarray(0, 16)
  return { id, expiresAt: exp * 1000 }
}
