import { ApiError } from '../errors.ts'
import { pathBelow } from '../base-url.ts'
import { isFreshNonce, makeNonce } from '../tokens/dpop-nonce.ts'
import { PROOF_ALGORITHMS, verifyProof } from '../tokens/dpop-proof.ts'
import { header, type AppContext } from './request.ts'

/** How old a proof without a nonce may be, and how far the client's clock may be ahead. Seconds. */
const MAX_AGE = 60
const MAX_AHEAD = 30

/** The proof of the request, as it was sent. Node joins several headers with commas, and a proof has none. */
export const proofText = (c: AppContext): string | undefined => header(c, 'dpop')

interface Expected {
  /** The auth token of the request, at a route that takes one. */
  readonly token?: string
  /** Whether a proof without a nonce is refused, however new it is. Then no proof can be made long before its use. */
  readonly needsNonce?: boolean
}

/**
 * Verifies the proof of the request, and uses it up (RFC 9449 section 4.3). Returns the thumbprint of its key. `app`: the id of
 * the app whose client made it. Throws {@link ApiError} `invalid_dpop_proof` if the proof is wrong, and `use_dpop_nonce` if a new
 * one with a nonce may be right: a clock is wrong, or the network sent the request twice.
 */
export function checkProof(
  c: AppContext,
  text: string,
  app: string,
  { token, needsNonce }: Expected = {},
): string {
  const { base, keys, proofs, now: clock } = c.env.instance
  const now = clock()
  const url = base.href + pathBelow(base, c.req.url)
  const proof = verifyProof(text, { method: c.req.method, url, token })
  if ('fault' in proof)
    throw new ApiError('invalid_dpop_proof', `the DPoP proof is not accepted: ${proof.fault}`)
  const { jkt, jti, iat, nonce } = proof
  const age = now / 1000 - iat
  const isNew = !needsNonce && age <= MAX_AGE && age >= -MAX_AHEAD
  const isTimely = nonce === undefined ? isNew : isFreshNonce(keys, app, nonce, now)
  if (isTimely && proofs.use(jkt, jti, now)) return jkt
  throw new ApiError('use_dpop_nonce', 'make the DPoP proof again, with the nonce of the header DPoP-Nonce', {
    headers: { 'dpop-nonce': makeNonce(keys, app, now) },
  })
}

/**
 * Returns the thumbprint of the key that a request for tokens proves. Undefined if it has no proof, or if the app binds nothing.
 * `isBound`: whether it sends a token that is bound already.
 */
export function provenKey(c: AppContext, isBound = false): string | undefined {
  const { id, binding } = c.get('app')
  const text = binding === 'off' && !isBound ? undefined : proofText(c)
  if (text === undefined) return undefined
  return checkProof(c, text, id, { needsNonce: binding === 'required' })
}

/** The key that a sign-out proves. Undefined if its proof is wrong: a sign-out must never fail. */
export function provenKeyOrNone(c: AppContext): string | undefined {
  try {
    return provenKey(c, true)
  } catch (error) {
    if (error instanceof ApiError) return undefined
    throw error
  }
}

/** The challenge of a route that takes auth tokens (RFC 9449 section 7.1). */
export const dpopChallenge = (error: string): string =>
  `DPoP error="${error}", algs="${PROOF_ALGORITHMS.join(' ')}"`
