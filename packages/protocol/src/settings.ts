import { z } from 'zod'

export const signingAlgorithm = z.enum(['EdDSA', 'ES256', 'RS256'])
export type SigningAlgorithm = z.infer<typeof signingAlgorithm>

/** A number of seconds; the Console shows these words to people. */
const seconds = (least: number, most: number, mostInWords: string) =>
  z
    .int('must be a whole number of seconds')
    .min(least, `must be at least ${least} seconds`)
    .max(most, `must be at most ${most} seconds (${mostInWords})`)
const limit = seconds(0, 34_560_000, '400 days')

/** Session management. All lifetimes are seconds; 0 means no limit. */
export const settings = z.object({
  refresh_enabled: z.boolean().default(false),
  session_timeout_length: seconds(5, 86_400, '24 hours').default(300),
  refresh_absolute_lifetime: limit.default(2_592_000),
  refresh_inactivity_lifetime: limit.default(604_800),
})
export type Settings = z.infer<typeof settings>

/** What is wrong with a combination of settings; undefined where nothing is. */
export function settingsFault(value: Settings): string | undefined {
  if (!value.refresh_enabled) return undefined
  if (value.session_timeout_length > 600)
    return 'with refresh tokens on, an auth token lives 5 to 600 seconds'
  if (!value.refresh_absolute_lifetime && !value.refresh_inactivity_lifetime)
    return 'with refresh tokens on, an absolute or an inactivity limit is needed'
  return undefined
}
