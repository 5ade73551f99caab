import { z } from 'zod'
import { settings, signingAlgorithm } from './settings.ts'

/** An app as whoever manages it sees it. Lifetimes are seconds. */
export const managedApp = z.looseObject({
  ...settings.shape,
  id: z.string(),
  name: z.string(),
  auth_origin: z.string(),
  additional_auth_origins: z.array(z.string()),
  redirect_url: z.string(),
  alg: signingAlgorithm,
  /** One more with each change: what `If-Match` names. */
  version: z.number(),
})
export type ManagedApp = z.infer<typeof managedApp>

/** The origin of a page, such as `https://app.example.com`: no path. */
export const origin = z
  .url()
  .regex(/^https?:\/\/[a-z0-9.:[\]-]+$/, 'must be an origin, such as https://app.example.com')

const profile = z.object({
  name: z.string().trim().min(1).max(100),
  auth_origin: origin,
  additional_auth_origins: z.array(origin).max(20),
  redirect_url: z.string().min(1).max(2000),
})
export const newApp = profile.partial({ additional_auth_origins: true }).extend({
  id: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'must be of letters, digits, - and _')
    .optional(),
  alg: signingAlgorithm.default('EdDSA'),
})
const { refresh_enabled, session_timeout_length, refresh_absolute_lifetime, refresh_inactivity_lifetime } =
  settings.shape
/** Every field optional, and no default: what is not named stays as it is. */
export const settingsChange = z.object({
  ...profile.partial().shape,
  refresh_enabled: refresh_enabled.unwrap().optional(),
  session_timeout_length: session_timeout_length.unwrap().optional(),
  refresh_absolute_lifetime: refresh_absolute_lifetime.unwrap().optional(),
  refresh_inactivity_lifetime: refresh_inactivity_lifetime.unwrap().optional(),
})
export type SettingsChange = z.infer<typeof settingsChange>

export const signingKey = z.object({
  kid: z.string(),
  alg: signingAlgorithm,
  state: z.enum(['next', 'current', 'previous']),
  created_at: z.number(),
  /** When it begins to sign, or began. */
  activates_at: z.number().optional(),
  /** When it is published no longer. */
  retires_at: z.number().optional(),
})
export type SigningKey = z.infer<typeof signingKey>
export const rotateRequest = z.object({ alg: signingAlgorithm.optional() })

export const apiKey = z.object({
  id: z.string(),
  name: z.string(),
  created_at: z.number(),
  last_used_at: z.number().optional(),
  /** Its last four characters. */
  hint: z.string(),
})
export type ApiKey = z.infer<typeof apiKey>
export const newApiKey = z.object({ name: z.string().trim().min(1).max(100) })
