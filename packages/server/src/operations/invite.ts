import { randomBytes } from 'node:crypto'
import type { Role } from '@tokenkeep/protocol'
import { hashSecret } from '../tokens/api-keys.ts'
import { actorText, type Actor } from '../store/events.ts'
import { newId } from '../store/ids.ts'
import type { Invitation } from '../store/invitations.ts'
import type { Store } from '../store/store.ts'

/** What an invitation is for. `lifetime` is in milliseconds. */
export interface InvitationOptions {
  readonly userId?: Buffer | undefined
  readonly first?: boolean
  /** The role of the new admin. */
  readonly role?: Role | undefined
  readonly lifetime: number
}

/**
 * Makes an invitation. It works once. Without a user it lets one person sign up; with a user it replaces the user's passkeys.
 * The secret is returned once: the store keeps only its hash. `now` is in milliseconds since the epoch.
 */
export async function invite(
  store: Store,
  appId: string,
  { userId, first = false, role, lifetime }: InvitationOptions,
  actor: Actor,
  now: number,
): Promise<{ secret: string; invitation: Omit<Invitation, 'identifier'> }> {
  const secret = randomBytes(24).toString('base64url')
  const id = newId()
  const expiresAt = now + lifetime
  await store.invitations.add(
    appId,
    { id, hash: hashSecret(secret), userId, first, role, expiresAt },
    actor,
    now,
  )
  const invitation = {
    id,
    user_id: userId ?? null,
    role: role ?? null,
    created_by: actorText(actor),
    maker_name: (typeof actor === 'object' && actor.actor_name) || null,
    created_at: now,
    expires_at: expiresAt,
  }
  return { secret, invitation }
}
