import { z } from 'zod'
import { role, scope } from './access.ts'
import { appModes } from './app-modes.ts'
import { metadataField } from './passage.ts'
import { settings, signingAlgorithm } from './settings.ts'

/**
 * An app as the management API returns it. Lifetimes are in seconds.
 *
 * @example
 * ```ts
 * import { managedApp } from '@tokenkeep/protocol'
 *
 * const originOf = (body: unknown) => managedApp.parse(body).auth_origin
 * ```
 */
export const managedApp = z.looseObject({
  ...settings.shape,
  ...appModes.shape,
  id: z.string(),
  name: z.string(),
  auth_origin: z.string(),
  additional_auth_origins: z.array(z.string()),
  redirect_url: z.string(),
  alg: signingAlgorithm,
  /** If true, anybody can sign up with a passkey. If false, a sign-up needs an invitation. */
  public_signup: z.boolean(),
  user_metadata_schema: z.array(metadataField),
  /** Grows by one with each change. A change sends the version that it is based on in `If-Match`. */
  version: z.number(),
})
/** An app as the management API returns it. */
export type ManagedApp = z.infer<typeof managedApp>

/**
 * The origin of a page, such as `https://app.example.com`: a URL without a path.
 *
 * @example
 * ```ts
 * import { origin } from '@tokenkeep/protocol'
 *
 * const { success } = origin.safeParse('https://app.example.com/path') // false
 * ```
 */
export const origin = z
  .url()
  .regex(/^https?:\/\/[a-z0-9.:[\]-]+$/, 'must be an origin, such as https://app.example.com')

const metadataSchema = z
  .array(metadataField)
  .max(50)
  .superRefine((fields, context) => {
    const names = fields.map(({ field_name }) => field_name)
    for (const [index, name] of names.entries())
      if (names.indexOf(name) !== index)
        context.addIssue({
          code: 'custom',
          path: [index, 'field_name'],
          message: 'must be another name than those before',
        })
  })

const profile = z.object({
  name: z.string().trim().min(1, 'must not be empty').max(100),
  auth_origin: origin,
  additional_auth_origins: z.array(origin).max(20),
  redirect_url: z.string().min(1, 'must not be empty').max(2000),
  public_signup: z.boolean(),
  user_metadata_schema: metadataSchema,
})

/**
 * The body that adds an app. Default of `alg`: EdDSA. Default of `public_signup`: false. Without `id` the server chooses
 * one.
 *
 * @example
 * ```ts
 * import { newApp } from '@tokenkeep/protocol'
 *
 * const body = newApp.parse({ name: 'Shop', auth_origin: 'https://shop.example.com', redirect_url: '/' })
 * ```
 */
export const newApp = profile.partial({ additional_auth_origins: true }).extend({
  id: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, - or _')
    .optional(),
  ...appModes.shape,
  alg: signingAlgorithm.default('EdDSA'),
  public_signup: z.boolean().default(false),
  user_metadata_schema: metadataSchema.default([]),
})
const {
  client_auth,
  client_jwks,
  storage,
  user_verification,
  passkeys,
  passkey_changes,
  user_lookup,
  binding,
} = appModes.shape
const { refresh_enabled, session_timeout_length, refresh_absolute_lifetime, refresh_inactivity_lifetime } =
  settings.shape

/**
 * The body that changes settings. Every field is optional: an absent field stays the same. Lifetimes are in seconds, 0
 * means no limit.
 *
 * @example
 * ```ts
 * import { settingsChange } from '@tokenkeep/protocol'
 *
 * const change = settingsChange.parse({ refresh_enabled: true, session_timeout_length: 300 })
 * ```
 */
export const settingsChange = z.object({
  ...profile.partial().shape,
  client_auth: client_auth.unwrap().optional(),
  client_jwks: client_jwks.unwrap().optional(),
  storage: storage.unwrap().optional(),
  user_verification: user_verification.unwrap().optional(),
  passkeys: passkeys.unwrap().optional(),
  passkey_changes: passkey_changes.unwrap().optional(),
  user_lookup: user_lookup.unwrap().optional(),
  binding: binding.unwrap().optional(),
  refresh_enabled: refresh_enabled.unwrap().optional(),
  session_timeout_length: session_timeout_length.unwrap().optional(),
  refresh_absolute_lifetime: refresh_absolute_lifetime.unwrap().optional(),
  refresh_inactivity_lifetime: refresh_inactivity_lifetime.unwrap().optional(),
})
/** A change of settings. */
export type SettingsChange = z.infer<typeof settingsChange>

/**
 * A signing key of an app. Times are in Unix seconds.
 *
 * @example
 * ```ts
 * import { signingKey } from '@tokenkeep/protocol'
 *
 * const key = signingKey.parse({ kid: 'n2c…', alg: 'EdDSA', state: 'current', created_at: 1_700_000_000 })
 * ```
 */
export const signingKey = z.object({
  kid: z.string(),
  alg: signingAlgorithm,
  state: z.enum(['next', 'current', 'previous']),
  created_at: z.number(),
  /** When the key starts or started to sign. */
  activates_at: z.number().optional(),
  /** When the key is no longer published. */
  retires_at: z.number().optional(),
})
/** A signing key of an app. */
export type SigningKey = z.infer<typeof signingKey>

/**
 * The body that rotates the signing keys. Default of `alg`: the current algorithm. `stolen`: drops all keys at once, so that
 * every auth token so far is refused; default false.
 *
 * @example
 * ```ts
 * import { rotateRequest } from '@tokenkeep/protocol'
 *
 * const body = rotateRequest.parse({ alg: 'ES256' })
 * ```
 */
export const rotateRequest = z.object({ alg: signingAlgorithm.optional(), stolen: z.boolean().optional() })

/**
 * An API key of an app, without its secret. Times are in Unix seconds.
 *
 * @example
 * ```ts
 * import { apiKey } from '@tokenkeep/protocol'
 *
 * const key = apiKey.parse({ id: 'n2c…', name: 'backend', created_at: 1_700_000_000, hint: 'x9f2', addresses: [] })
 * ```
 */
export const apiKey = z.object({
  id: z.string(),
  name: z.string(),
  created_at: z.number(),
  /** When and from where it was used last, to the minute. */
  last_used_at: z.number().optional(),
  last_used_from: z.string().optional(),
  /** The last four characters of the secret. */
  hint: z.string(),
  /** Absent for a client secret, which manages nothing. */
  scopes: z.array(scope).optional(),
  /** Absent if it has no end. */
  expires_at: z.number().optional(),
  /** From where it can be used. Empty: from everywhere. */
  addresses: z.array(z.string()),
})
/** An API key of an app, without its secret. */
export type ApiKey = z.infer<typeof apiKey>

/**
 * The body that makes an invitation. `user_id`: the user whose passkeys it replaces; default: it lets one person sign up.
 * `expires_in`: 60 to 604,800 seconds (7 days); default 3,600 (one hour). `role`: the role of the new administrator, only in
 * the Console's app; default `admin`.
 *
 * @example
 * ```ts
 * import { newInvitation } from '@tokenkeep/protocol'
 *
 * const body = newInvitation.parse({ expires_in: 86_400 })
 * ```
 */
export const newInvitation = z.object({
  user_id: z.string().optional(),
  expires_in: z.int().min(60).max(604_800).default(3600),
  role: role.optional(),
})
