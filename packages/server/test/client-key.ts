import { hash } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose'

/** What a test changes in a proof. Undefined takes a member away. */
export interface ProofChange {
  readonly header?: Readonly<Record<string, unknown>>
  readonly claims?: Readonly<Record<string, unknown>>
  /** The auth token of the request. */
  readonly token?: string
  readonly nonce?: string
  /** When the proof is made. Milliseconds since the epoch; default: now. */
  readonly at?: number
}

/** A key of a client, whose proofs another library makes (jose). */
export interface ClientKey {
  readonly jkt: string
  readonly jwk: JWK
  prove(method: string, url: string, change?: ProofChange): Promise<string>
}

const withoutUndefined = (value: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined))

export async function createClientKey(alg: 'ES256' | 'EdDSA' | 'Ed25519' = 'ES256'): Promise<ClientKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = await exportJWK(publicKey)
  return {
    jkt: await calculateJwkThumbprint(jwk),
    jwk,
    prove(htm, htu, { header, claims, token, nonce, at = Date.now() } = {}) {
      const all = {
        jti: crypto.randomUUID(),
        htm,
        htu,
        iat: Math.floor(at / 1000),
        ...(token !== undefined && { ath: hash('sha256', token, 'base64url') }),
        ...(nonce !== undefined && { nonce }),
        ...claims,
      }
      return new SignJWT(withoutUndefined(all))
        .setProtectedHeader({ ...withoutUndefined({ typ: 'dpop+jwt', alg, jwk, ...header }), alg })
        .sign(privateKey)
    },
  }
}
