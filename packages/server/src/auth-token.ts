import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto'
import type { Keys } from './keys.ts'
import { newId, showId } from './ids.ts'
import type { App, Store } from './store.ts'

export interface AuthTokenClaims {
  readonly iss: string
  readonly sub: string
  readonly sid: string
  readonly aud: readonly string[]
  readonly iat: number
  readonly nbf: number
  readonly exp: number
  readonly jti: string
}

export interface Signer {
  readonly jwk: Record<string, unknown>
  issue(
    app: App,
    issuer: string,
    session: { userId: Buffer; sessionId: Buffer },
    now: number,
    until: number,
  ): IssuedToken
  /** The claims of an auth token of this app that is good now; undefined for anything else (RFC 8725). */
  read(app: App, issuer: string, token: string, now: number): AuthTokenClaims | undefined
}

export interface IssuedToken {
  readonly token: string
  /** Seconds until `exp`, to the millisecond. */
  readonly expiresIn: number
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Signs an app's auth tokens (RFC 7519) with Ed25519. The key is made at first use, and lies wrapped in the database. */
export function signer(store: Store, keys: Keys, appId: string, now: number): Signer {
  if (!store.signingKey(appId)) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const kid = showId(newId())
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: 'EdDSA', use: 'sig' }
    const wrapped = keys.wrap(privateKey.export({ format: 'der', type: 'pkcs8' }))
    store.addSigningKey(appId, { kid, public_jwk: JSON.stringify(jwk), wrapped }, now)
  }
  // Read back: another process may have been first.
  const row = store.signingKey(appId)!
  const privateKey = createPrivateKey({ key: keys.unwrap(row.wrapped), format: 'der', type: 'pkcs8' })
  const publicKey: KeyObject = createPublicKey(privateKey)
  const header = encode({ alg: 'EdDSA', typ: 'JWT', kid: row.kid })

  return {
    jwk: JSON.parse(row.public_jwk) as Record<string, unknown>,
    issue(app, issuer, { userId, sessionId }, now, until) {
      const iat = Math.floor(now / 1000)
      const exp = Math.min(iat + app.session_timeout_length, Math.floor(until / 1000))
      const claims: AuthTokenClaims = {
        iss: issuer,
        sub: showId(userId),
        sid: showId(sessionId),
        aud: [app.auth_origin, app.id],
        iat,
        nbf: iat,
        exp,
        jti: showId(newId()),
      }
      const body = `${header}.${encode(claims)}`
      const token = `${body}.${sign(null, Buffer.from(body), privateKey).toString('base64url')}`
      return { token, expiresIn: Math.max(exp - now / 1000, 0.001) }
    },
    read(app, issuer, token, now) {
      const [head, body, signature, ...rest] = token.split('.')
      if (head !== header || !body || !signature || rest.length) return undefined
      if (!verify(null, Buffer.from(`${head}.${body}`), publicKey, Buffer.from(signature, 'base64url')))
        return undefined
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
