import { z } from 'zod'
import { role } from './access.ts'
import { identifier, isEmail, isPhone } from './identifiers.ts'

/**
 * The states of a user. A sign-up makes a user when it is finished, so nobody is pending.
 *
 * @example
 * ```ts
 * import { userStatus } from '@tokenkeep/protocol'
 *
 * const status = userStatus.parse('active')
 * ```
 */
export const userStatus = z.enum(['active', 'inactive'])
/** The state of a user. */
export type UserStatus = z.infer<typeof userStatus>

/**
 * Where the identifier of a user comes from. `claimed`: a stranger typed it at a sign-up. `vouched`: a backend or an
 * administrator says that it is this user's.
 *
 * @example
 * ```ts
 * import { identifierOrigin } from '@tokenkeep/protocol'
 *
 * const isVouched = (value: unknown) => identifierOrigin.parse(value) === 'vouched'
 * ```
 */
export const identifierOrigin = z.enum(['claimed', 'vouched'])

/** At most 16,384 characters of JSON. */
const metadata = z
  .record(z.string(), z.unknown())
  .refine((value) => JSON.stringify(value).length <= 16_384, 'must be at most 16 KiB as JSON')

/**
 * A user as the management API returns it. The format is that of Passage's API. Times are in ISO 8601.
 *
 * @example
 * ```ts
 * import { user } from '@tokenkeep/protocol'
 *
 * const nameOf = (body: unknown) => user.parse(body).identifier
 * ```
 */
export const user = z.object({
  id: z.string(),
  identifier: z.string(),
  identifier_origin: identifierOrigin,
  email: z.string(),
  email_verified: z.boolean(),
  phone: z.string(),
  phone_verified: z.boolean(),
  external_id: z.string(),
  status: userStatus,
  /** The role of an administrator, in the Console's app. */
  role: role.optional(),
  created_at: z.string(),
  updated_at: z.string(),
  /** `0001-01-01T00:00:00Z` if the user has never signed in: the models of Passage's SDKs need a time. */
  last_login_at: z.string(),
  login_count: z.number(),
  user_metadata: z.record(z.string(), z.unknown()),
  webauthn: z.boolean(),
  webauthn_types: z.array(z.string()),
})
/** A user as the management API returns it. */
export type User = z.infer<typeof user>

/** The fields that name a user. */
const NAMES = ['identifier', 'email', 'phone'] as const
const email = identifier.refine(isEmail, 'must be an e-mail address')
const phone = identifier.refine(isPhone, 'must be a phone number, such as +15005550006')

const hasOneName = (
  value: { readonly [Name in (typeof NAMES)[number]]?: string | undefined },
  least: 0 | 1,
): boolean => {
  const names = NAMES.filter((name) => value[name] !== undefined)
  return names.length >= least && names.length <= 1
}

/**
 * The body that adds a user. One of `identifier`, `email` and `phone` names the user. The caller vouches for that
 * name: a user who only claimed it loses it. `user_metadata` has at most 16 KiB as JSON. `role`: only in the Console's app;
 * default `admin`.
 *
 * @example
 * ```ts
 * import { newUser } from '@tokenkeep/protocol'
 *
 * const body = newUser.parse({ email: 'ada@example.com' })
 * ```
 */
export const newUser = z
  .object({
    identifier: identifier.optional(),
    email: email.optional(),
    phone: phone.optional(),
    user_metadata: metadata.optional(),
    role: role.optional(),
  })
  .refine((value) => hasOneName(value, 1), {
    path: ['identifier'],
    error: 'a user has one identifier: send identifier, email or phone, and only one of them',
  })
/** The body that adds a user. */
export type NewUser = z.infer<typeof newUser>

/**
 * The body that changes a user. An absent field stays the same. `identifier_origin`: vouches that the identifier is this
 * user's. A new identifier is always vouched for. `email` replaces an identifier that is an e-mail address, `phone` one
 * that is a phone number, and `identifier` replaces any.
 * `role`: only in the Console's app.
 *
 * @example
 * ```ts
 * import { userChange } from '@tokenkeep/protocol'
 *
 * const body = userChange.parse({ identifier: 'ada@example.org' })
 * ```
 */
export const userChange = z
  .object({
    identifier: identifier.optional(),
    email: email.optional(),
    phone: phone.optional(),
    identifier_origin: z.literal('vouched').optional(),
    user_metadata: metadata.optional(),
    role: role.optional(),
  })
  .refine((value) => hasOneName(value, 0), {
    path: ['identifier'],
    error: 'a user has one identifier: send only one of identifier, email and phone',
  })
/** The body that changes a user. */
export type UserChange = z.infer<typeof userChange>

/**
 * The query string of a list of a user's sessions. `page` counts from 1. `limit`: 1 to 500; default: all sessions.
 *
 * @example
 * ```ts
 * import { userSessionsQuery } from '@tokenkeep/protocol'
 *
 * const { page, limit } = userSessionsQuery.parse({ limit: '20' })
 * ```
 */
export const userSessionsQuery = z.object({
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  limit: z.coerce.number().int().min(1).max(500).optional(),
})

/**
 * A live session of a user. Times are in Unix seconds. An expiration is absent if the session has no such limit.
 *
 * @example
 * ```ts
 * import { sessionOfUser } from '@tokenkeep/protocol'
 *
 * const session = sessionOfUser.parse({ id: 'n2c…', created_at: 1_700_000_000, last_active_at: 1_700_000_100 })
 * ```
 */
export const sessionOfUser = z.object({
  id: z.string(),
  ip: z.string().optional(),
  user_agent: z.string().optional(),
  created_at: z.number(),
  last_active_at: z.number(),
  absolute_expiration: z.number().optional(),
  inactivity_expiration: z.number().optional(),
  /** The thumbprint of the key that the session is bound to (RFC 7638). Absent if it is not bound. */
  jkt: z.string().optional(),
  /** True for the session of the request. */
  current: z.boolean().optional(),
})
/** A live session of a user. */
export type SessionOfUser = z.infer<typeof sessionOfUser>

/** An authentication method or class. It has no spaces, because a challenge lists classes with spaces (RFC 9470 section 3). */
const assuranceValue = z
  .string()
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/, 'must be visible ASCII, without spaces and quotes')

/**
 * The body that opens a session. `ip` and `user_agent` are those of the person, who is not where the backend is. Default: those
 * of the request. `jkt`: binds the session to the client's key from the start, if the app binds sessions. It is the key's
 * thumbprint (RFC 7638), as the client gives it to the backend. Default: the first refresh with a proof binds it. `auth_time`:
 * when the person authenticated, in Unix seconds; default: now. `amr` and `acr`: how they did (RFC 8176, OpenID Connect Core
 * section 2); default: unknown.
 *
 * @example
 * ```ts
 * import { newSession } from '@tokenkeep/protocol'
 *
 * const body = newSession.parse({ ip: '203.0.113.7', user_agent: 'Mozilla/5.0' })
 * ```
 */
export const newSession = z.object({
  ip: z.union([z.ipv4(), z.ipv6()], 'must be an IP address').optional(),
  user_agent: z.string().max(1000).optional(),
  jkt: z
    .string()
    .regex(/^[\w-]{43}$/, 'must be the SHA-256 thumbprint of a key, in base64url')
    .optional(),
  auth_time: z.int().min(0).optional(),
  amr: z.array(assuranceValue).max(10).optional(),
  acr: assuranceValue.optional(),
})
