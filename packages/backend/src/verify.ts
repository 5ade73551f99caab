import { errors, jwtVerify, type JWTVerifyGetKey } from 'jose'
import { AuthError } from './errors.ts'

export type Algorithm = 'EdDSA' | 'ES256' | 'RS256'

/** What an auth token says. Times are Unix seconds. */
export interface AuthTokenClaims {
  readonly iss: string
  /** The user's id. */
  readonly sub: string
  /** The session's id. */
  readonly sid: string
  /** The app's origin, and its id. */
  readonly aud: readonly string[]
  readonly iat: number
  readonly nbf: number
  readonly exp: number
  readonly jti: string
  /** When the session's user signed in. */
  readonly auth_time: number
  /** One more with each revocation of all of the user's sessions. */
  readonly epoch: number
}

/** Who sent a request. */
export interface Auth {
  readonly userId: string
  readonly sessionId: string
  readonly claims: AuthTokenClaims
}

export interface VerifierOptions {
  readonly issuer: string
  readonly appId: string
  readonly algorithms: readonly Algorithm[]
  readonly clockToleranceSeconds: number
  readonly keys: JWTVerifyGetKey
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/**
 * Verifies auth tokens as RFC 8725 asks for: issuer, audience, type and algorithms are pinned, and the key is one of
 * the session server's, chosen by its id alone. Keys and addresses that a token brings along are not looked at.
 */
export const createVerifier =
  ({ issuer, appId, algorithms, clockToleranceSeconds, keys, now }: VerifierOptions) =>
  async (token: string): Promise<Auth> => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience: appId,
        typ: 'JWT',
        algorithms: [...algorithms],
        clockTolerance: clockToleranceSeconds,
        currentDate: new Date(now()),
        requiredClaims: ['sub', 'sid', 'iat', 'exp', 'auth_time', 'epoch'],
      })
      const { sub, sid, auth_time, epoch } = payload
      if (!isId(sub) || !isId(sid) || !Number.isInteger(auth_time) || !Number.isInteger(epoch))
        throw new TypeError('claims of the wrong kind')
      return { userId: sub, sessionId: sid, claims: payload as unknown as AuthTokenClaims }
    } catch (cause) {
      if (cause instanceof AuthError) throw cause
      throw new AuthError(cause instanceof errors.JWTExpired ? 'token_expired' : 'token_invalid', { cause })
    }
  }

const isId = (value: unknown): value is string => typeof value === 'string' && value !== ''
