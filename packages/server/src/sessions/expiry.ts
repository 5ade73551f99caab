import type { EndReason } from '@tokenkeep/protocol'
import type { App } from '../store/apps.ts'
import type { Rotated, SessionInContext } from '../store/sessions.ts'

/** No limit, in milliseconds: far enough, and exact in SQLite and JavaScript. */
export const never = 2 ** 52
/** A limit of so many seconds, in milliseconds; 0 is none. */
export const limit = (seconds: number): number => (seconds > 0 ? seconds * 1000 : never)

type Limits = Pick<App, 'refresh_absolute_lifetime' | 'refresh_inactivity_lifetime'>

/** When a session ends by itself: ms. A limit lowered since the sign-in counts from now on. */
export const endsAt = (session: Rotated, app: Limits): { absolute: number; inactive: number } => ({
  absolute: Math.min(session.absolute_at, session.created_at + limit(app.refresh_absolute_lifetime)),
  inactive: session.active_at + Math.min(session.inactivity, limit(app.refresh_inactivity_lifetime)),
})

/** The same as people are told, in Unix seconds. */
export function deadlines(
  session: Rotated,
  app: Limits,
): { absolute_expiration?: number; inactivity_expiration?: number } {
  const { absolute, inactive } = endsAt(session, app)
  return {
    ...(absolute < never && { absolute_expiration: Math.floor(absolute / 1000) }),
    ...(inactive < never && { inactivity_expiration: Math.floor(inactive / 1000) }),
  }
}

/** Why a session is over; undefined for a live one. */
export function over(session: SessionInContext, now: number): EndReason | undefined {
  if (session.ended_at !== null) return session.end_reason === 'reused' ? 'reused' : 'revoked'
  if (session.user_epoch !== session.epoch_now || session.status !== 'active') return 'revoked'
  if (session.created_at < session.not_before) return 'revoked'
  const { absolute, inactive } = endsAt(session, session)
  if (now >= absolute) return 'expired'
  if (now >= inactive) return 'inactive'
  return undefined
}
