import { z } from 'zod'
import { role } from './access.ts'
import { event, point } from './activity.ts'
import { apiKey, managedApp, signingKey } from './management.ts'

/**
 * A page of the audit trail, newest first. The last page has no `next_cursor`.
 *
 * @example
 * ```ts
 * import { eventsReply } from '@tokenkeep/protocol'
 *
 * const { events } = eventsReply.parse({ events: [] })
 * ```
 */
export const eventsReply = z.object({ events: z.array(event), next_cursor: z.string().optional() })

/**
 * Statistics in steps of `step` seconds, oldest first.
 *
 * @example
 * ```ts
 * import { statisticsReply } from '@tokenkeep/protocol'
 *
 * const { points } = statisticsReply.parse({ step: 3600, points: [] })
 * ```
 */
export const statisticsReply = z.object({ step: z.int(), points: z.array(point) })

/**
 * The signing keys of an app.
 *
 * @example
 * ```ts
 * import { signingKeysReply } from '@tokenkeep/protocol'
 *
 * const { signing_keys } = signingKeysReply.parse({ signing_keys: [] })
 * ```
 */
export const signingKeysReply = z.object({ signing_keys: z.array(signingKey) })

/**
 * The API keys of an app.
 *
 * @example
 * ```ts
 * import { apiKeysReply } from '@tokenkeep/protocol'
 *
 * const { api_keys } = apiKeysReply.parse({ api_keys: [] })
 * ```
 */
export const apiKeysReply = z.object({ api_keys: z.array(apiKey) })

/**
 * A new API key. This is the only response that contains the secret.
 *
 * @example
 * ```ts
 * import { apiKeyReply } from '@tokenkeep/protocol'
 *
 * const secret = (body: unknown) => apiKeyReply.parse(body).secret
 * ```
 */
export const apiKeyReply = z.object({ api_key: apiKey, secret: z.string() })

/**
 * The settings of an app.
 *
 * @example
 * ```ts
 * import { managedAppReply } from '@tokenkeep/protocol'
 *
 * const version = (body: unknown) => managedAppReply.parse(body).app.version
 * ```
 */
export const managedAppReply = z.object({ app: managedApp })

/**
 * The list of all apps.
 *
 * @example
 * ```ts
 * import { appsReply } from '@tokenkeep/protocol'
 *
 * const { apps } = appsReply.parse({ apps: [] })
 * ```
 */
export const appsReply = z.object({ apps: z.array(managedApp) })

/**
 * An invitation, without its secret. Without `user_id` it lets one person sign up. With `user_id` it replaces the passkeys
 * of that user. Times are in Unix seconds.
 *
 * @example
 * ```ts
 * import { invitation } from '@tokenkeep/protocol'
 *
 * const madeBy = (body: unknown) => invitation.parse(body).created_by
 * ```
 */
export const invitation = z.object({
  id: z.string(),
  user_id: z.string().optional(),
  /** The identifier of that user. */
  identifier: z.string().optional(),
  /** The role of the new administrator, in the Console's app. */
  role: role.optional(),
  created_by: z.string(),
  /** The name of the API key, or the identifier of the admin, that made it. */
  created_by_name: z.string().optional(),
  created_at: z.number(),
  expires_at: z.number(),
})
/** An invitation, without its secret. */
export type Invitation = z.infer<typeof invitation>

/**
 * The invitations that can still be used, newest first.
 *
 * @example
 * ```ts
 * import { invitationsReply } from '@tokenkeep/protocol'
 *
 * const { invitations } = invitationsReply.parse({ invitations: [] })
 * ```
 */
export const invitationsReply = z.object({ invitations: z.array(invitation) })

/**
 * A new invitation. This is the only response that contains the secret. `url` is the link to the Console, if the invitation
 * is for an administrator.
 *
 * @example
 * ```ts
 * import { invitationReply } from '@tokenkeep/protocol'
 *
 * const secret = (body: unknown) => invitationReply.parse(body).secret
 * ```
 */
export const invitationReply = z.object({
  invitation,
  secret: z.string(),
  url: z.string().optional(),
})
