import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import type { AuthTokenClaims, SigningAlgorithm } from '@tokenkeep/protocol'
import { newId, showId } from '../store/ids.ts'
import type { Keys } from './derived-keys.ts'
import type { App } from '../store/apps.ts'
import type { SigningKeyRow } from '../store/keys.ts'
import type { Session } from '../store/sessions.ts'

/** Signs and reads one app's auth tokens (RFC 7519). */
export interface Signer {
  /** Every key a token may be signed with, the next one too (RFC 7517). */
  readonly jwks: readonly object[]
  /** A token that lives as long as the app says, and not beyond `until`. ms. */
  issue(app: App, issuer: string, session: TokenSession, now: number, until: number): IssuedToken
  /** The claims of an auth token of this app that is good now; undefined for anything else (RFC 8725). */
  read(app: App, issuer: string, token: string, now: number): AuthTokenClaims | undefined
}

export type TokenSession = Pick<Session, 'user_id' | 'id' | 'user_epoch' | 'created_at'>

export interface IssuedToken {
  readonly token: string
  /** Seconds until `exp`, to the millisecond. */
  readonly expiresIn: number
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const digests = { EdDSA: null, ES256: 'sha256', RS256: 'sha256' } as const
/** JOSE writes an ECDSA signature as two numbers, one after the other (RFC 7518 section 3.4). Node takes a bare key faster. */
const keyFor = (alg: SigningAlgorithm, key: KeyObject) =>
  alg === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' as const } : key

/** The header is written once per key, and must come back exactly so: no other algorithm, type or key can be named. */
const headerOf = (alg: SigningAlgorithm, kid: string): string => encode({ alg, typ: 'JWT', kid })

export function createSigner(rows: readonly SigningKeyRow[], keys: Keys): Signer {
  const { alg, kid, wrapped } = rows.find(({ state }) => state === 'current')!
  const privateKey = createPrivateKey({ key: keys.unwrap(wrapped), format: 'der', type: 'pkcs8' })
  const signingKey = keyFor(alg, privateKey)
  const header = headerOf(alg, kid)
  const jwks = rows.map(({ public_jwk }) => JSON.parse(public_jwk) as Record<string, unknown>)
  const known = new Map(
    rows.map((row, i) => {
      const key = createPublicKey({ key: jwks[i]!, format: 'jwk' })
      return [headerOf(row.alg, row.kid), { digest: digests[row.alg], key: keyFor(row.alg, key) }]
    }),
  )

  return {
    jwks,
    issue(app, issuer, session, now, until) {
      const iat = Math.floor(now / 1000)
      const exp = Math.min(iat + app.session_timeout_length, Math.floor(until / 1000))
      const claims: AuthTokenClaims = {
        iss: issuer,
        sub: showId(session.user_id),
        sid: showId(session.id),
        aud: [app.auth_origin, app.id],
        iat,
        nbf: iat,
        exp,
        jti: showId(newId()),
        auth_time: Math.floor(session.created_at / 1000),
        epoch: session.user_epoch,
      }
      const body = `${header}.${encode(claims)}`
      const signature = sign(digests[alg], Buffer.from(body), signingKey).toString('base64url')
      return { token: `${body}.${signature}`, expiresIn: Math.max(exp - now / 1000, 0.001) }
    },
    read(app, issuer, token, now) {
      const [head, body, signature, ...rest] = token.split('.')
      const by = known.get(head ?? '')
      if (!by || !body || !signature || rest.length) return undefined
      const bytes = Buffer.from(signature, 'base64url')
      if (!verify(by.digest, Buffer.from(`${head}.${body}`), by.key, bytes)) return undefined
      const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as AuthTokenClaims
      const good =
        claims.iss === issuer &&
        claims.aud.includes(app.id) &&
        claims.nbf * 1000 <= now &&
        claims.exp * 1000 > now
      return good ? claims : undefined
    },
  }
}
