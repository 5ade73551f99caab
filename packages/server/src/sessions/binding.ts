import type { App } from '../store/apps.ts'
import { boundKey, type RefreshToken } from '../tokens/refresh-token.ts'
import { judge, type Presented, type Rotations, type Verdict } from './judge.ts'

/** What a client has proven with its refresh (RFC 9449). */
export interface ClientProof {
  /** The thumbprint of the client's key. The auth token is bound to it, and so is the session, unless `isConfidential`. */
  readonly jkt?: string | undefined
  /** Whether the client has authenticated itself. That binds its refresh tokens already (RFC 9449 section 5). */
  readonly isConfidential?: boolean
}

/** True if the token is not bound, or if the client has proven its key. */
export const hasKeyOf = ({ key }: RefreshToken, jkt: string | undefined): boolean =>
  key === undefined || (jkt !== undefined && key.equals(boundKey(jkt)))

/** The key that the session is bound to with this refresh, or was before. */
export const sessionKeyOf = (
  { jkt, isConfidential }: ClientProof,
  { key }: RefreshToken,
): string | undefined => (key || !isConfidential ? jkt : undefined)

/** False if the app requires a proof and there is none. */
export const isProven = ({ binding }: App, { jkt }: ClientProof): boolean =>
  binding !== 'required' || jkt !== undefined

/** `unproven`: the client lacks the key of the session. It gets nothing, and nothing ends. */
export type BoundVerdict = Verdict | 'unproven'

/**
 * Judges a refresh whose client has the key of its token, if that is bound. `bound`: the key of the session. `jkt`: the key of the
 * client. `isProven`: false if the app requires a proof and there is none.
 */
export function judgeBound(
  rotations: Rotations,
  request: Presented,
  token: RefreshToken,
  bound: string | null,
  jkt: string | undefined,
  isProven: boolean,
): BoundVerdict {
  const hasKey = bound !== null && bound === jkt
  const verdict = judge(rotations, { ...request, hasKey })
  const hasOtherKey = bound !== null && !hasKey
  // After a restore of the database, two keys can each have a token that is bound to them.
  if (token.key) return hasOtherKey ? 'reuse' : verdict
  // Before the session was bound, its tokens worked without a key. The owner may still have one, so a foreign id is a theft.
  const isAllowed = isProven && !hasOtherKey
  return isAllowed || verdict === 'late' || verdict === 'reuse' ? verdict : 'unproven'
}
