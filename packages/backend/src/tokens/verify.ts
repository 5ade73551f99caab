import type { AuthTokenClaims, SigningAlgorithm } from '@tokenkeep/protocol'
import { errors, jwtVerify, type JWTVerifyGetKey } from 'jose'
import { AuthError } from './auth-error.ts'

/** Who sent a request. */
export interface Auth {
  readonly userId: string
  readonly sessionId: string
  readonly claims: AuthTokenClaims
}

export interface VerifierOptions {
  readonly issuer: string
  readonly appId: string
  readonly algorithms: readonly SigningAlgorithm[]
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
