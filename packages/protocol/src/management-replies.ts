import { z } from 'zod'
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
 * A link with which one person can sign up as an administrator. It works once. `expires_at` is in Unix seconds.
 *
 * @example
 * ```ts
 * import { invitation } from '@tokenkeep/protocol'
 *
 * const link = (body: unknown) => invitation.parse(body).url
 * ```
 */
export const invitation = z.object({ url: z.string(), expires_at: z.number() })
