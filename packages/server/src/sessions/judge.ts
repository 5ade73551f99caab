// Who may use a refresh token that did not rotate its session at once. Pure, so that the explorer checks these very rules.

/** What the server remembers of the rotations of a session. */
export interface Rotations {
  /** The current generation. */
  readonly generation: number
  /** The generation that a retry id used up. Undefined if no remembered rotation named this id. */
  generationOf(retryId: string | undefined): number | undefined
  /**
   * Whether the rotation that used up this generation named a retry id or none. `lost`: the database lost that rotation.
   * `unknown`: it is too long ago, or there was none.
   */
  kindOf(generation: number): 'named' | 'unnamed' | 'lost' | 'unknown'
  /** Whether the last rotation was less than the grace period ago. */
  readonly isRecent: boolean
}

/** A refresh whose token is from this session. */
export interface Presented {
  readonly generation: number
  readonly retryId?: string | undefined
  /** The retry id of the last refresh that the client got a response to. */
  readonly lastRetryId?: string | undefined
  /** Whether a cookie holds the token. Then the retry id is stored apart from it, and either may be older than the other. */
  readonly fromCookie: boolean
  /** Whether the app's own server sent it, and has authenticated. It keeps the token and the secret of its retry ids sealed. */
  readonly isAppServer: boolean
}

/**
 * - `rotate`: the session moves on.
 * - `replay`: the sender gets the current refresh token again.
 * - `late`: the sender has proven the token, but the session has moved on. It gets nothing, and nothing ends.
 * - `reuse`: the token is in foreign hands. The session ends.
 */
export type Verdict = 'rotate' | 'replay' | 'late' | 'reuse'

/**
 * Judges a refresh of a live session (RFC 9700 section 4.14.2). A retry id proves the token that it used up and all tokens
 * before it: the client that named it has held them. It proves no later token, so an id that a thief took with an old token
 * is of no use to him with a newer one. An id rotates a session once.
 */
export function judge(rotations: Rotations, request: Presented): Verdict {
  const { generation: current } = rotations
  const { generation, retryId, lastRetryId, fromCookie, isAppServer } = request
  const used = rotations.generationOf(retryId)
  if (generation >= current) return used === undefined ? 'rotate' : fromCookie ? 'replay' : 'reuse'

  const last = current - 1
  if (used === last) return 'replay'
  // The client committed the current token, and its cookie is older. A rotation, and no replay: so the id of this refresh
  // proves the cookie if it is restored once more.
  if (rotations.generationOf(lastRetryId) === last) return retryId === undefined ? 'replay' : 'rotate'
  // Without any id, only time can tell two parallel requests of one client from a theft.
  const isUnnamed = retryId === undefined && rotations.kindOf(last) === 'unnamed'
  if (generation === last && isUnnamed && rotations.isRecent) return 'replay'

  const proven = Math.max(used ?? -1, rotations.generationOf(lastRetryId) ?? -1)
  // An authenticated server is sender-constrained, as RFC 9700 section 4.14.2 wants. Its users' cookies fall back, and hold
  // nothing newer that it could look at.
  if (proven >= generation) return isAppServer ? 'replay' : 'late'
  const kind = rotations.kindOf(generation)
  // The proof of so old a cookie cannot be checked any more.
  return kind === 'lost' || (isAppServer && kind === 'unknown') ? 'late' : 'reuse'
}
