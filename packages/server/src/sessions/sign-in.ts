import type { AuthResult } from '@tokenkeep/protocol'
import { ApiError } from '../errors.ts'
import type { Actor } from '../store/events.ts'
import { newId } from '../store/ids.ts'
import { EMPTY_RING, type Authentication } from '../store/session-row.ts'
import { toLimitMs } from './expiry.ts'
import { toTokenResponse, type SessionContext } from './token-response.ts'

/** The address and the user agent of a sign-in. Null if unknown. */
export interface ClientInfo {
  readonly ip: string | null
  readonly user_agent: string | null
}

interface Opening {
  /** The thumbprint of the key that the session is bound to. */
  readonly jkt: string | undefined
  /** When and how the user authenticated. Default: now, in an unknown way. */
  readonly authentication?: Authentication | undefined
  /** Who asks for the session. Default: the user. */
  readonly actor?: Actor
}

/**
 * Opens a session for a user who is authenticated already: with a passkey, or by the `actor` that asks for the session.
 * Throws {@link ApiError} `user_not_active` if the user is not active.
 */
export async function openSession(
  context: SessionContext,
  userId: Buffer,
  client: ClientInfo,
  { jkt, authentication, actor = context.by('user') }: Opening,
): Promise<AuthResult> {
  const { store, app, now } = context
  const session = {
    user_id: userId,
    id: newId(),
    app_id: app.id,
    rotated_at: now,
    active_at: now,
    attempts: EMPTY_RING,
    created_at: now,
    absolute_at:
      now + toLimitMs(app.refresh_enabled ? app.refresh_absolute_lifetime : app.session_timeout_length),
    inactivity: toLimitMs(app.refresh_enabled ? app.refresh_inactivity_lifetime : 0),
    ...client,
    jkt: jkt ?? null,
    // A sign-in is at `created_at`, which the store may move past the time at which all sessions ended.
    auth_time: authentication && authentication.time < now ? authentication.time : null,
    amr: authentication?.amr ?? null,
    acr: authentication?.acr ?? null,
  }
  const opened = await store.sessions.open(session, actor)
  if (!opened)
    throw new ApiError('user_not_active', 'this user cannot sign in: an administrator can activate them')
  return toTokenResponse(context, opened, app.refresh_enabled)
}
