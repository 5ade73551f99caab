import type { AuthTokenClaims, Revocation } from '@tokenkeep/protocol'

/** The recent revocations. `now` is milliseconds on a clock that only runs forward. */
export interface RevocationList {
  /** Adds a revocation. Adding it again changes nothing, because an ended session gets no new token. */
  add(revocation: Revocation, now: number): void
  /** True if a revocation ended the session of this token. */
  isRevoked(claims: AuthTokenClaims): boolean
  /** Deletes the revocations whose tokens have all expired. */
  deleteExpired(now: number): void
  readonly size: number
}

interface UserRevocation {
  /** Tokens with a lower epoch are revoked. */
  readonly epoch: number
  /** The id of a session that is not revoked. */
  readonly except: string | undefined
  /** Milliseconds, as `now`. */
  readonly expiresAt: number
}

/** `retention`: how long a revocation is kept, in milliseconds. It must be longer than the life of an auth token. */
export function createRevocationList(retention: number): RevocationList {
  /** When each entry expires, by the id of the session. */
  const sessions = new Map<string, number>()
  const users = new Map<string, readonly UserRevocation[]>()
  /** Unix seconds, as in `auth_time`. */
  let notBefore = 0

  return {
    add(revocation, now) {
      const expiresAt = now + retention
      if (revocation.type === 'session') {
        if (!sessions.has(revocation.session_id)) sessions.set(revocation.session_id, expiresAt)
      } else if (revocation.type === 'user') {
        const { user_id, epoch, except } = revocation
        const entries = (users.get(user_id) ?? []).filter((entry) => entry.expiresAt > now)
        if (entries.some((entry) => entry.epoch === epoch && entry.except === except)) return
        // Moves the user to the end of the map: `deleteExpired` relies on the order of expiry.
        users.delete(user_id)
        users.set(user_id, [...entries, { epoch, except, expiresAt }])
      } else if (revocation.type === 'app') notBefore = Math.max(notBefore, revocation.not_before)
    },
    isRevoked: ({ sub, sid, epoch, auth_time }) =>
      sessions.has(sid) ||
      auth_time < notBefore ||
      (users.get(sub)?.some((entry) => epoch < entry.epoch && entry.except !== sid) ?? false),
    deleteExpired(now) {
      for (const [id, expiresAt] of sessions) {
        if (expiresAt > now) break
        sessions.delete(id)
      }
      for (const [id, entries] of users) {
        if (entries.at(-1)!.expiresAt > now) break
        users.delete(id)
      }
    },
    get size() {
      return sessions.size + users.size
    },
  }
}
