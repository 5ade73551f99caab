import { sql, type Statement } from './database.ts'

/** The condition of a live session. It includes the app's current limits: lowering one takes effect at the next refresh. */
export const isLive = (
  now: number,
): Statement => sql`sessions.ended_at IS NULL AND sessions.absolute_at > ${now}
  AND sessions.active_at + sessions.inactivity > ${now} AND EXISTS (
    SELECT 1 FROM users u, apps a WHERE a.id = sessions.app_id AND sessions.created_at >= a.not_before
      AND (a.refresh_absolute_lifetime = 0 OR sessions.created_at + a.refresh_absolute_lifetime * 1000 > ${now})
      AND (a.refresh_inactivity_lifetime = 0 OR sessions.active_at + a.refresh_inactivity_lifetime * 1000 > ${now})
      AND u.id = sessions.user_id AND u.epoch = sessions.user_epoch AND u.status = 'active')`
