import { z } from 'zod'

export const signingAlgorithm = z.enum(['EdDSA', 'ES256', 'RS256'])
export type SigningAlgorithm = z.infer<typeof signingAlgorithm>

/** Session management. All lifetimes are seconds; 0 means no limit. */
export const settings = z.object({
  refresh_enabled: z.boolean().default(false),
  session_timeout_length: z.int().min(5).max(86_400).default(300),
  refresh_absolute_lifetime: z.int().min(0).max(34_560_000).default(2_592_000),
  refresh_inactivity_lifetime: z.int().min(0).max(34_560_000).default(604_800),
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
