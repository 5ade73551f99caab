import { z } from 'zod'

/**
 * The algorithms that can sign auth tokens (RFC 7518, RFC 8037).
 *
 * @example
 * ```ts
 * import { signingAlgorithm } from '@tokenkeep/protocol'
 *
 * const alg = signingAlgorithm.parse('EdDSA')
 * ```
 */
export const signingAlgorithm = z.enum(['EdDSA', 'ES256', 'RS256'])
/** An algorithm that signs auth tokens. */
export type SigningAlgorithm = z.infer<typeof signingAlgorithm>

/** A number of seconds. The Console shows these messages. */
const seconds = (min: number, max: number, maxInWords: string) =>
  z
    .int('must be a whole number of seconds')
    .min(min, `must be at least ${min} seconds`)
    .max(max, `must be at most ${max} seconds (${maxInWords})`)
const limit = seconds(0, 34_560_000, '400 days')

/**
 * The session settings of an app. Lifetimes are in seconds, 0 means no limit. Defaults: refresh tokens off, an auth
 * token of 300 seconds, sessions of at most 2,592,000 seconds (30 days) and 604,800 seconds (7 days) without activity.
 *
 * @example
 * ```ts
 * import { settings } from '@tokenkeep/protocol'
 *
 * const defaults = settings.parse({})
 * ```
 */
export const settings = z.object({
  refresh_enabled: z.boolean().default(false),
  session_timeout_length: seconds(5, 86_400, '24 hours').default(300),
  refresh_absolute_lifetime: limit.default(2_592_000),
  refresh_inactivity_lifetime: limit.default(604_800),
})
/** The session settings of an app. Lifetimes are in seconds. */
export type Settings = z.infer<typeof settings>

/**
 * Says what is wrong with a combination of settings. Returns undefined if it is valid.
 *
 * @example
 * ```ts
 * import { settings, settingsFault } from '@tokenkeep/protocol'
 *
 * const fault = settingsFault({ ...settings.parse({}), refresh_enabled: true }) // undefined
 * ```
 */
export function settingsFault(value: Settings): string | undefined {
  if (!value.refresh_enabled) return undefined
  if (value.session_timeout_length > 600)
    return 'with refresh tokens on, an auth token lives 5 to 600 seconds'
  if (!value.refresh_absolute_lifetime && !value.refresh_inactivity_lifetime)
    return 'with refresh tokens on, an absolute or an inactivity limit is needed'
  return undefined
}
