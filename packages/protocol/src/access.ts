import { z } from 'zod'

/**
 * What an API key or an administrator may do.
 * - `users:read`, `users:write`: users, their passkeys and invitations.
 * - `sessions:create`: open sessions for users. `sessions:end`: end them.
 * - `settings:read`, `settings:write`: settings, and lists of keys. With a key of the Console, also apps.
 * - `keys`: rotate signing keys, and create and delete API keys that can do no more than this one.
 * - `events:read`: the audit trail and statistics.
 * - `introspect`: whether a token is active, and the revocation feed.
 *
 * @example
 * ```ts
 * import { scope } from '@tokenkeep/protocol'
 *
 * const known = scope.options.includes('users:read') // true
 * ```
 */
export const scope = z.enum([
  'users:read',
  'users:write',
  'sessions:create',
  'sessions:end',
  'settings:read',
  'settings:write',
  'keys',
  'events:read',
  'introspect',
])
/** What an API key or an administrator may do. */
export type Scope = z.infer<typeof scope>

/**
 * The role of an administrator. `owner`: everything. `admin`: everything, but of the Console's own app only reading, so an
 * admin makes no admins. `support`: reads, and ends sessions. `auditor`: reads.
 *
 * @example
 * ```ts
 * import { role } from '@tokenkeep/protocol'
 *
 * const least = role.parse('auditor')
 * ```
 */
export const role = z.enum(['owner', 'admin', 'support', 'auditor'])
/** The role of an administrator. */
export type Role = z.infer<typeof role>

/** The longest life of an API key, in seconds: five years. */
const MAX_KEY_LIFETIME = 157_680_000

/**
 * The body that creates an API key. `name` says what the key is for. `scopes`: default all that the caller has. `expires_in`: 60 to 157,680,000
 * seconds (five years), or null for no end; default 31,536,000 (one year). `addresses`: from where it can be used, as IP
 * addresses or ranges (`10.0.0.0/8`), at most 50; default: from everywhere.
 *
 * @example
 * ```ts
 * import { newApiKey } from '@tokenkeep/protocol'
 *
 * const body = newApiKey.parse({ name: 'backend', scopes: ['users:read'], addresses: ['10.0.0.0/8'] })
 * ```
 */
export const newApiKey = z.object({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(scope).min(1).optional(),
  expires_in: z.int().min(60).max(MAX_KEY_LIFETIME).nullable().default(31_536_000),
  addresses: z
    .array(
      z.union(
        [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()],
        'must be an IP address, or a range such as 10.0.0.0/8',
      ),
    )
    .max(50)
    .default([]),
})
