import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import type { AuthTokenClaims, SigningAlgorithm } from '@tokenkeep/protocol'
import { newId, formatId } from '../store/ids.ts'
import { toAssurance } from './assurance.ts'
import type { Keys } from './derived-keys.ts'
import type { App } from '../store/apps.ts'
import type { SigningKeyRow } from '../store/keys.ts'
import type { AuthenticatedSession, Session } from '../store/session-row.ts'

/** How far the clock of the replica that issued a token can be ahead (RFC 7519, section 4.1.5: a small leeway). */
const CLOCK_TOLERANCE_MS = 30_000

/** Signs and verifies the auth tokens (RFC 7519) of one app. */
export interface Signer {
  /** The public keys to publish (RFC 7517): previous, current and next. */
  readonly jwks: readonly object[]
  /**
   * Signs a token with the app's lifetime. It expires at `notAfter` at the latest. `now`, `notAfter`: milliseconds. `jkt`: the
   * thumbprint of the key that the token is bound to (RFC 9449 section 6.1).
   */
  issue(
    app: App,
    issuer: string,
    session: TokenSession,
    now: number,
    notAfter: number,
    jkt?: string | null,
  ): IssuedToken
  /** Returns the claims of a valid auth token of this app; undefined for anything else (RFC 8725). `now`: milliseconds. */
  verify(app: App, issuer: string, token: string, now: number): AuthTokenClaims | undefined
}

export type TokenSession = Pick<Session, 'user_id' | 'id' | 'user_epoch'> & AuthenticatedSession

export interface IssuedToken {
  readonly token: string
  /** Seconds until `exp`, with milliseconds as decimals. */
  readonly expiresIn: number
}

const encodeJson = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const DIGESTS = { EdDSA: null, ES256: 'sha256', RS256: 'sha256' } as const
/** JOSE encodes an ECDSA signature as two concatenated numbers (RFC 7518 section 3.4). Other keys need no options, which is faster. */
const toSignatureKey = (alg: SigningAlgorithm, key: KeyObject) =>
  alg === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' as const } : key

/** The encoded header of the tokens that a key signs. A valid token has exactly this text, so it cannot name another algorithm, type or key. */
const encodeHeader = (alg: SigningAlgorithm, kid: string): string => encodeJson({ alg, typ: 'JWT', kid })

export function createSigner(rows: readonly SigningKeyRow[], keys: Keys): Signer {
  const { alg, kid, wrapped } = rows.find(({ state }) => state === 'current')!
  const privateKey = createPrivateKey({ key: keys.unwrap(wrapped), format: 'der', type: 'pkcs8' })
  const signingKey = toSignatureKey(alg, privateKey)
  const header = encodeHeader(alg, kid)
  const jwks = rows.map(({ public_jwk }) => JSON.parse(public_jwk) as Record<string, unknown>)
  const verifiers = new Map(
    rows.map((row, i) => {
      const key = createPublicKey({ key: jwks[i]!, format: 'jwk' })
      return [encodeHeader(row.alg, row.kid), { digest: DIGESTS[row.alg], key: toSignatureKey(row.alg, key) }]
    }),
  )

  return {
    jwks,
    issue(app, issuer, session, now, notAfter, jkt) {
      const iat = Math.floor(now / 1000)
      const exp = Math.min(iat + app.session_timeout_length, Math.floor(notAfter / 1000))
      const claims: AuthTokenClaims = {
        iss: issuer,
        sub: formatId(session.user_id),
        sid: formatId(session.id),
        aud: [app.auth_origin, app.id],
        iat,
        nbf: iat,
        exp,
        jti: formatId(newId()),
        ...toAssurance(session),
        epoch: session.user_epoch,
        ...(jkt && { cnf: { jkt } }),
      }
      const signed = `${header}.${encodeJson(claims)}`
      const signature = sign(DIGESTS[alg], Buffer.from(signed), signingKey).toString('base64url')
      return { token: `${signed}.${signature}`, expiresIn: Math.max(exp - now / 1000, 0.001) }
    },
    verify(app, issuer, token, now) {
      const [head, body, signature, ...rest] = token.split('.')
      const verifier = verifiers.get(head ?? '')
      if (!verifier || !body || !signature || rest.length) return undefined
      const bytes = Buffer.from(signature, 'base64url')
      if (!verify(verifier.digest, Buffer.from(`${head}.${body}`), verifier.key, bytes)) return undefined
      const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as AuthTokenClaims
      const valid =
        claims.iss === issuer &&
        claims.aud.includes(app.id) &&
        claims.nbf * 1000 <= now + CLOCK_TOLERANCE_MS &&
        claims.exp * 1000 > now
      return valid ? claims : undefined
    },
  }
}
