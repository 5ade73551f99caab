// Decides about a refresh that did not rotate its session at once. Pure, so that the explorer checks these very rules.

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
  /** The retry id of the last refresh that the client got a response to. A client that sends it keeps its token elsewhere. */
  readonly lastRetryId?: string | undefined
  /** Whether a cookie holds the token. */
  readonly fromCookie: boolean
  /** Whether the app's own server sent it, and has authenticated. It keeps the token and the secret of its retry ids sealed. */
  readonly isAppServer: boolean
  /** Whether it has proven the key that the session is bound to (RFC 9449). Default: false. */
  readonly hasKey?: boolean
}

/**
 * - `rotate`: the session moves on.
 * - `replay`: the sender gets the current refresh token again.
 * - `late`: the sender has proven its token, but the session has moved on. It gets nothing, and nothing ends.
 * - `reuse`: the token is used by another client. The session ends.
 */
export type Verdict = 'rotate' | 'replay' | 'late' | 'reuse'

/**
 * Judges a refresh of a live session (RFC 9700 section 4.14.2). A retry id proves the token that it used up, and does not
 * rotate the session again. A cookie differs: it may be older or newer than the retry ids, which the client keeps elsewhere. So
 * with a cookie, an id also proves every earlier token, and rotates the session again if the token is newer. Without a cookie,
 * it does neither: an id that a thief took with an old token is of no use with a newer one. The key of a bound session proves
 * more than any id.
 */
export function judge(rotations: Rotations, request: Presented): Verdict {
  const { generation: current, generationOf, kindOf, isRecent } = rotations
  const { generation, retryId, lastRetryId, fromCookie, isAppServer, hasKey } = request
  if (hasKey) return generation >= current ? 'rotate' : 'replay'
  const used = generationOf(retryId)
  // The page may have been closed after the browser kept the new cookie, and before the page wrote its record.
  if (generation >= current) return used === undefined || fromCookie ? 'rotate' : 'reuse'

  const isApart = fromCookie || lastRetryId !== undefined
  const isProven = used === generation || (isApart && used !== undefined && used > generation)
  const last = current - 1
  if (isProven && used === last) return 'replay'
  const answered = generationOf(lastRetryId)
  // The client has the current token's answer, but sends an older cookie. The session moves on, so that the id of this refresh
  // proves that cookie if it is sent once more. Without a cookie, an id that has rotated the session
  // cannot do so again.
  if (answered === last && retryId === undefined) return 'replay'
  if (answered === last) return used === undefined || fromCookie ? 'rotate' : 'late'
  // Without any id, only time tells two parallel requests of one client from a theft.
  const isUnnamed = retryId === undefined && kindOf(last) === 'unnamed'
  if (generation === last && isUnnamed && isRecent) return 'replay'
  const wasOwn = isProven || (answered !== undefined && answered >= generation)
  // The token of an authenticated server is sender-constrained, as RFC 9700 section 4.14.2 asks. A browser may send it an older
  // cookie, without any newer token.
  if (wasOwn) return isAppServer ? 'replay' : 'late'
  const kind = kindOf(generation)
  // The proof of such an old cookie cannot be checked any more.
  return kind === 'lost' || (isAppServer && kind === 'unknown') ? 'late' : 'reuse'
}
