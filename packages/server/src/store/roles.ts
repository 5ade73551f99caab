import type { Role } from '@tokenkeep/protocol'
import { CONSOLE_APP_ID } from './apps.ts'
import { sql, type Database, type Statement } from './database.ts'
import { insertEvent, type Actor } from './events.ts'

/** The condition that an active owner of the Console stays. Of two owners who end each other, one waits for the other. */
export function keepsAnOwner({ dialect }: Database, appId: string): Statement {
  if (appId !== CONSOLE_APP_ID) return sql``
  const isOwner = sql`app_id = ${appId} AND status = 'active' AND coalesce(role, 'owner') = 'owner'`
  return sql`AND (NOT (${isOwner}) OR (
    SELECT count(*) FROM (SELECT id FROM users WHERE ${isOwner} ORDER BY id ${dialect.lock}) owners) > 1)`
}

export const roles = (database: Database) => ({
  /** Gives an admin another role. Returns false if there is no such user, or if no owner would be left. */
  async setRole(appId: string, id: Buffer, role: Role, actor: Actor, now: number): Promise<boolean> {
    const changed = await database.transaction(
      sql`UPDATE users SET role = ${role}, updated_at = ${now} WHERE id = ${id} AND app_id = ${appId}
          ${role === 'owner' ? sql`` : keepsAnOwner(database, appId)} RETURNING id`,
      insertEvent({ at: now, app_id: appId, type: 'role-changed', user_id: id, actor, data: { role } }),
    )
    return changed.length > 0
  },
})
