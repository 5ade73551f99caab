import type { AuthTokenClaims, SigningAlgorithm } from '@tokenkeep/protocol'
import { errors, jwtVerify, type JWTVerifyGetKey } from 'jose'
import { AuthError } from './auth-error.ts'

/** The user and the session of a verified auth token. */
export interface Auth {
  /** The `sub` claim. */
  readonly userId: string
  /** The `sid` claim. */
  readonly sessionId: string
  /** All claims (RFC 7519), such as when and how the user authenticated: `auth_time`, `amr`, `acr`. Times are Unix seconds. */
  readonly claims: AuthTokenClaims
}

export interface VerifierOptions {
  readonly issuer: string
  readonly appId: string
  readonly algorithms: readonly SigningAlgorithm[]
  readonly clockToleranceSeconds: number
  readonly keys: JWTVerifyGetKey
  /** Returns the time in milliseconds since the Unix epoch. */
  readonly now: () => number
}

/**
 * Returns a function that verifies auth tokens by the rules of RFC 8725. Issuer, audience, type and algorithms are
 * fixed. The key is one of the session server's keys, chosen by its id only. Keys and addresses in the token are ignored.
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
      const { sub, sid, auth_time, epoch, cnf, amr, acr } = payload
      if (
        !isId(sub) ||
        !isId(sid) ||
        !Number.isInteger(auth_time) ||
        !Number.isInteger(epoch) ||
        !isConfirmation(cnf) ||
        !(amr === undefined || (Array.isArray(amr) && amr.every(isId))) ||
        !(acr === undefined || isId(acr))
      )
        throw new TypeError('A claim has the wrong type.')
      return { userId: sub, sessionId: sid, claims: payload as unknown as AuthTokenClaims }
    } catch (cause) {
      if (cause instanceof AuthError) throw cause
      if (cause instanceof errors.JWTExpired) throw new AuthError('token_expired', { cause })
      const reason = mismatch(cause, { iss: issuer, aud: appId }, now())
      throw new AuthError('token_invalid', { cause, ...(reason && { reason }) })
    }
  }

/** RFC 9449 section 6.1. A token that is bound in another way cannot be checked here. */
const isConfirmation = (value: unknown): boolean =>
  value === undefined || isId((value as { jkt?: unknown } | null)?.jkt)

const isId = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** Names the two values, if a claim does not fit. The signature is good, so the session server wrote the claim. */
function mismatch(
  cause: unknown,
  expected: Readonly<Record<string, string>>,
  now: number,
): string | undefined {
  if (!(cause instanceof errors.JWTClaimValidationFailed)) return undefined
  const { claim, payload } = cause
  if (claim === 'nbf' && typeof payload.nbf === 'number')
    return `The token is valid only in ${Math.ceil(payload.nbf - now / 1000)} seconds. Set the clock of this server.`
  const wanted = expected[claim]
  return (
    wanted &&
    `The ${claim} of the token is ${String(payload[claim])}, not ${wanted}. Check url, appId and issuer.`
  )
}
