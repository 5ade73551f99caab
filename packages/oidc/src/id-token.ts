import { readClaims, type Claims } from '@tokenkeep/core'
import { SignInError } from './errors.ts'
import type { Asked } from './sign-ins.ts'

/** Signatures that only the provider can make. A client in a browser has no secret for HS256. */
const ASYMMETRIC = /^(RS|PS|ES|Ed|ML-DSA)/

const untrusted = (claim: string, sentence: string): SignInError =>
  new SignInError('untrusted', { claim, cause: new Error(sentence) })

/**
 * Checks what oauth4webapi leaves to its caller. The signature itself is not checked: the token came straight from the
 * token endpoint, over TLS (OpenID Connect Core section 3.1.3.7).
 */
export function checkIdToken(idToken: string, claims: Claims, { acrValues, userId }: Asked): void {
  // The header of a JWT is read like its payload.
  const header = readClaims(`.${idToken}`)
  if (!ASYMMETRIC.test(String(header?.alg)))
    throw untrusted(
      'alg',
      'The id token is not signed with a key of the provider. Choose RS256 at the provider.',
    )
  if (userId && claims.sub !== userId)
    throw untrusted('sub', 'Another user has come back. The session stays as it is.')
  if (acrValues && !acrValues.split(' ').includes(String(claims.acr)))
    throw untrusted('acr', 'The provider did not reach any of the assurance levels that were asked for.')
}

/**
 * Returns by how much the provider's clock is ahead of this device's. Seconds. The id token answers the nonce of this
 * sign-in, so it was made just now: `iat` is the time at the provider. A page cannot read the `Date` header of another
 * origin.
 */
export async function skewOf(response: Response): Promise<number> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => {})
  const { id_token } = Object(body) as { readonly id_token?: unknown }
  const issuedAt = Number(readClaims(id_token)?.iat)
  return Number.isFinite(issuedAt) ? issuedAt - Math.floor(Date.now() / 1000) : 0
}
