import type { EndReason } from '@tokenkeep/protocol'
import type { App } from '../store/apps.ts'
import type { RotatedSession, SessionInContext } from '../store/session-row.ts'

/** No limit, in milliseconds: 2^52 is far in the future and exact in SQLite and JavaScript. */
export const NO_LIMIT = 2 ** 52
/** Converts a setting in seconds to milliseconds. 0 means no limit. */
export const toLimitMs = (seconds: number): number => (seconds > 0 ? seconds * 1000 : NO_LIMIT)

type Limits = Pick<App, 'refresh_absolute_lifetime' | 'refresh_inactivity_lifetime'>

/**
 * When a session ends by itself, in milliseconds since the epoch. The limits at sign-in and the app's current limits both
 * count: the earlier deadline wins.
 */
export const expiryOf = (session: RotatedSession, app: Limits): { absolute: number; inactive: number } => ({
  absolute: Math.min(session.absolute_at, session.created_at + toLimitMs(app.refresh_absolute_lifetime)),
  inactive: session.active_at + Math.min(session.inactivity, toLimitMs(app.refresh_inactivity_lifetime)),
})

/** The deadlines of a session as the API returns them: in Unix seconds. A deadline is absent if there is no such limit. */
export function toExpirations(
  session: RotatedSession,
  app: Limits,
): { absolute_expiration?: number; inactivity_expiration?: number } {
  const { absolute, inactive } = expiryOf(session, app)
  return {
    ...(absolute < NO_LIMIT && { absolute_expiration: Math.floor(absolute / 1000) }),
    ...(inactive < NO_LIMIT && { inactivity_expiration: Math.floor(inactive / 1000) }),
  }
}

/** Why a session has ended. Undefined if it is live. `now`: milliseconds since the epoch. */
export function endReasonOf(session: SessionInContext, now: number): EndReason | undefined {
  if (session.ended_at !== null) return session.end_reason === 'reused' ? 'reused' : 'revoked'
  if (session.user_epoch !== session.epoch_now || session.status !== 'active') return 'revoked'
  if (session.created_at < session.not_before) return 'revoked'
  const { absolute, inactive } = expiryOf(session, session)
  if (now >= absolute) return 'expired'
  if (now >= inactive) return 'inactive'
  return undefined
}
