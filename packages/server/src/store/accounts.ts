import { foldIdentifier } from '@tokenkeep/protocol'
import { sql, type Database } from './database.ts'
import { insertEvent, type Actor } from './events.ts'
import { formatId, newId } from './ids.ts'
import { maySignUp, useInvitation } from './invitations.ts'
import { insertPasskey, isFreePasskey, passkeyAdded, type NewPasskey } from './passkeys.ts'
import { insertUserRevocation } from './revocations.ts'

/** Who has an identifier, and with which passkeys they open their account. */
export const accounts = (database: Database) => ({
  /**
   * Adds a user who claims this identifier, with a first passkey, and uses the invitation up. Returns false, and changes
   * nothing, if the identifier or the passkey is taken, or if nobody may sign up in this way.
   */
  async signUp(
    appId: string,
    identifier: string,
    passkey: NewPasskey,
    invitation: Buffer | undefined,
    actor: Actor,
    now: number,
  ): Promise<boolean> {
    const { user_id } = passkey
    const added = await database.transaction(
      sql`INSERT INTO users (id, app_id, identifier, folded, origin, status, role, created_at, updated_at)
          SELECT ${user_id}, ${appId}, ${identifier}, ${foldIdentifier(identifier)}, 'claimed', 'active',
            ${invitation ? sql`(SELECT role FROM invitations WHERE hash = ${invitation})` : null}, ${now}, ${now}
          WHERE ${isFreePasskey(appId, passkey)} AND ${maySignUp(database, appId, invitation, now)}
          ON CONFLICT DO NOTHING RETURNING id`,
      ...(invitation ? [useInvitation(invitation)] : []),
      insertEvent({ at: now, app_id: appId, type: 'user-created', user_id, actor }),
      insertPasskey(appId, passkey, now),
      passkeyAdded(appId, passkey, actor, now),
    )
    return added.length > 0
  },
  /**
   * Replaces all passkeys of a user by one, and ends all their sessions, so that earlier passkeys are of no use. The
   * person who made the invitation vouches for the user. Returns false, and changes nothing, if there is no such user or
   * invitation, or if the passkey exists.
   */
  async replacePasskeys(
    appId: string,
    passkey: NewPasskey,
    invitation: Buffer,
    actor: Actor,
    now: number,
  ): Promise<boolean> {
    const { user_id } = passkey
    const replaced = await database.transaction(
      sql`UPDATE users SET epoch = epoch + 1, origin = 'vouched', updated_at = ${now}
          WHERE id = ${user_id} AND app_id = ${appId} AND ${isFreePasskey(appId, passkey)}
            AND ${maySignUp(database, appId, invitation, now)} RETURNING id`,
      useInvitation(invitation),
      sql`DELETE FROM passkeys WHERE user_id = ${user_id} AND app_id = ${appId}`,
      insertPasskey(appId, passkey, now),
      insertEvent({ at: now, app_id: appId, type: 'passkeys-replaced', user_id, actor }),
      insertUserRevocation(appId, user_id, now),
    )
    return replaced.length > 0
  },
  /**
   * Takes a claimed identifier away from the user who has it, because the actor vouches for somebody else. The user keeps
   * their account and passkeys under a random identifier, and their sessions end. Returns false if nobody claims it.
   */
  async withdrawClaim(appId: string, identifier: string, actor: Actor, now: number): Promise<boolean> {
    const folded = foldIdentifier(identifier)
    const claimed = sql`app_id = ${appId} AND folded = ${folded} AND origin = 'claimed'`
    const [claimant] = await database.query<{ id: Buffer; identifier: string }>(
      sql`SELECT id, identifier FROM users WHERE ${claimed}`,
    )
    if (!claimant) return false
    const { id } = claimant
    // Nobody can guess it, so nobody can claim it first.
    const other = `withdrawn-${formatId(newId())}`
    const data = { identifier: claimant.identifier }
    await database.transaction(
      sql`UPDATE users SET identifier = ${other}, folded = ${foldIdentifier(other)}, epoch = epoch + 1, updated_at = ${now}
          WHERE id = ${id} AND ${claimed} RETURNING id`,
      insertEvent({ at: now, app_id: appId, type: 'claim-withdrawn', user_id: id, actor, data }),
      insertUserRevocation(appId, id, now),
    )
    return true
  },
})
