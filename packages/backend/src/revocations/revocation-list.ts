import type { AuthTokenClaims, Revocation } from '@tokenkeep/protocol'

/** The recent revocations. `now` is milliseconds on a clock that only runs forward. */
export interface RevocationList {
  /** Adds a revocation. Adding it again changes nothing, because an ended session gets no new token. */
  add(revocation: Revocation, now: number): void
  /** True if a revocation ended the session of this token. */
  isRevoked(claims: AuthTokenClaims): boolean
  /** True if this signing key was dropped, because it may be stolen. */
  isDropped(kid: string): boolean
  /** When the last signing key was dropped. Milliseconds, as `now`; -Infinity if none was. */
  readonly droppedAt: number
  /** Deletes the revocations whose tokens have all expired. */
  deleteExpired(now: number): void
  readonly size: number
}

/** For clocks that differ. Milliseconds. */
const MARGIN = 60_000
/** Times of expiry are multiples of it. Milliseconds. */
const STEP = 1000

interface UserRevocation {
  /** Tokens with a lower epoch are revoked. */
  readonly epoch: number
  /** The id of a session that is not revoked. */
  readonly except: string | undefined
  /** Milliseconds, as `now`. */
  readonly expiresAt: number
}

/**
 * `retention`: how long a revocation is kept at least, in milliseconds. It must be longer than the life of an auth token. An
 * entry that says that tokens live longer is kept longer.
 */
export function createRevocationList(retention: number): RevocationList {
  /** When each entry expires, by the id of the session. */
  const sessions = new Map<string, number>()
  const users = new Map<string, readonly UserRevocation[]>()
  /** Unix seconds, as in `auth_time`. */
  let notBefore = 0
  const dropped = new Set<string>()
  let droppedAt = -Infinity
  /** When the next entry expires. Rounded up, so that not each entry causes a search. */
  let nextExpiry = Infinity

  return {
    add(revocation, now) {
      const { at, expires_at = at } = revocation
      const kept = Math.max(retention, (expires_at - at) * 1000 + MARGIN)
      const expiresAt = Math.ceil((now + kept) / STEP) * STEP
      nextExpiry = Math.min(nextExpiry, expiresAt)
      if (revocation.type === 'session') {
        if (!sessions.has(revocation.session_id)) sessions.set(revocation.session_id, expiresAt)
      } else if (revocation.type === 'user') {
        const { user_id, epoch, except } = revocation
        const entries = (users.get(user_id) ?? []).filter((entry) => entry.expiresAt > now)
        if (entries.some((entry) => entry.epoch === epoch && entry.except === except)) return
        users.set(user_id, [...entries, { epoch, except, expiresAt }])
      } else if (revocation.type === 'app') notBefore = Math.max(notBefore, revocation.not_before)
      else if (revocation.type === 'keys' && !revocation.kids.every((kid) => dropped.has(kid))) {
        for (const kid of revocation.kids) dropped.add(kid)
        droppedAt = now
      }
    },
    isRevoked: ({ sub, sid, epoch, auth_time }) =>
      sessions.has(sid) ||
      auth_time < notBefore ||
      (users.get(sub)?.some((entry) => epoch < entry.epoch && entry.except !== sid) ?? false),
    isDropped: (kid) => dropped.has(kid),
    get droppedAt() {
      return droppedAt
    },
    deleteExpired(now) {
      if (now < nextExpiry) return
      nextExpiry = Infinity
      const keep = (expiresAt: number): boolean => {
        if (expiresAt <= now) return false
        nextExpiry = Math.min(nextExpiry, expiresAt)
        return true
      }
      for (const [id, expiresAt] of sessions) if (!keep(expiresAt)) sessions.delete(id)
      for (const [id, entries] of users) {
        const kept = entries.filter(({ expiresAt }) => keep(expiresAt))
        if (kept.length) users.set(id, kept)
        else users.delete(id)
      }
    },
    get size() {
      return sessions.size + users.size
    },
  }
}
