import type { AuthTokenClaims, Revocation } from '@tokenkeep/protocol'

/** What has ended of late. Times are milliseconds. */
export interface RevocationList {
  /** The same entry twice is the same as once: its session got no new token in between. */
  add(revocation: Revocation, now: number): void
  /** True for a token that a revocation has ended. */
  covers(claims: AuthTokenClaims): boolean
  /** Lets go of what no living token can need any more. */
  expire(now: number): void
  readonly size: number
}

interface UserEntry {
  /** Tokens with a lower one are over. */
  readonly epoch: number
  /** But for this session's. */
  readonly except: string | undefined
  readonly until: number
}

/** `keep`: how long an entry can matter: longer than an auth token lives. */
export function createRevocationList(keep: number): RevocationList {
  const sessions = new Map<string, number>()
  const users = new Map<string, readonly UserEntry[]>()
  let notBefore = 0

  return {
    add(revocation, now) {
      const until = now + keep
      if (revocation.type === 'session') {
        if (!sessions.has(revocation.session_id)) sessions.set(revocation.session_id, until)
      } else if (revocation.type === 'user') {
        const { user_id, epoch, except } = revocation
        const entries = (users.get(user_id) ?? []).filter((one) => one.until > now)
        if (entries.some((one) => one.epoch === epoch && one.except === except)) return
        // To the end: both maps are in the order of expiry.
        users.delete(user_id)
        users.set(user_id, [...entries, { epoch, except, until }])
      } else if (revocation.type === 'app') notBefore = Math.max(notBefore, revocation.not_before)
    },
    covers: ({ sub, sid, epoch, auth_time }) =>
      sessions.has(sid) ||
      auth_time < notBefore ||
      (users.get(sub)?.some((one) => epoch < one.epoch && one.except !== sid) ?? false),
    expire(now) {
      for (const [id, until] of sessions) {
        if (until > now) break
        sessions.delete(id)
      }
      for (const [id, entries] of users) {
        if (entries.at(-1)!.until > now) break
        users.delete(id)
      }
    },
    get size() {
      return sessions.size + users.size
    },
  }
}
