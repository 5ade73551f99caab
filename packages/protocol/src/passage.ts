import { z } from 'zod'
import { identifier } from './identifiers.ts'

// What only the dialect of Passage has.

/**
 * A field of `user_metadata` that signed-in users can change themselves. All other fields can be changed only by a backend.
 *
 * @example
 * ```ts
 * import { metadataField } from '@tokenkeep/protocol'
 *
 * const field = metadataField.parse({ field_name: 'newsletter', friendly_name: 'Newsletter', type: 'boolean' })
 * ```
 */
export const metadataField = z.object({
  field_name: z.string().regex(/^\w{1,64}$/, 'must be 1 to 64 letters, digits or _'),
  /** The label in a form. */
  friendly_name: z.string().trim().min(1, 'must not be empty').max(100),
  type: z.enum(['string', 'boolean', 'integer', 'date', 'phone', 'email']),
})
/** A field of `user_metadata` that signed-in users can change themselves. */
export type MetadataField = z.infer<typeof metadataField>

/**
 * The values of a metadata type, as Passage's element sends them. A date is `2026-01-31`.
 *
 * @example
 * ```ts
 * import { isMetadataValue } from '@tokenkeep/protocol'
 *
 * const fits = isMetadataValue('boolean', true)
 * ```
 */
export const isMetadataValue = (type: MetadataField['type'], value: unknown): boolean =>
  METADATA_VALUES[type].safeParse(value).success

const text = z.string().max(1000)
const METADATA_VALUES: Readonly<Record<MetadataField['type'], z.ZodType>> = {
  string: text,
  boolean: z.boolean(),
  integer: z.int(),
  date: z.iso.date().or(z.literal('')),
  phone: text,
  email: text,
}

const metadataValues = z.record(z.string(), z.unknown())

/**
 * The body with which a page of an app without an API key begins a sign-up. Nothing is stored: the user exists once a
 * passkey is verified. So `user_metadata` must be empty, or contain nothing but `false`.
 *
 * @example
 * ```ts
 * import { newClaim } from '@tokenkeep/protocol'
 *
 * const body = newClaim.parse({ identifier: 'ada@example.com' })
 * ```
 */
export const newClaim = z.object({
  identifier,
  user_metadata: z
    .record(
      z.string(),
      z.literal(false, 'cannot be stored before the user exists: change it after the sign-up'),
    )
    .nullish(),
})

/**
 * The body that changes the metadata of the signed-in user. Fields that are absent stay the same.
 *
 * @example
 * ```ts
 * import { metadataChange } from '@tokenkeep/protocol'
 *
 * const body = metadataChange.parse({ user_metadata: { newsletter: true } })
 * ```
 */
export const metadataChange = z.object({ user_metadata: metadataValues })

/**
 * The metadata of the signed-in user.
 *
 * @example
 * ```ts
 * import { metadataReply } from '@tokenkeep/protocol'
 *
 * const { user_metadata } = metadataReply.parse({ user_metadata: {} })
 * ```
 */
export const metadataReply = z.object({ user_metadata: metadataValues })

/**
 * The body that names a passkey of the signed-in user.
 *
 * @example
 * ```ts
 * import { passkeyChange } from '@tokenkeep/protocol'
 *
 * const body = passkeyChange.parse({ friendly_name: 'My phone' })
 * ```
 */
export const passkeyChange = z.object({ friendly_name: z.string().trim().min(1).max(100) })

/**
 * The sign-ins by other providers that the signed-in user has connected. This server has none.
 *
 * @example
 * ```ts
 * import { socialConnectionsReply } from '@tokenkeep/protocol'
 *
 * const { social_connections } = socialConnectionsReply.parse({ social_connections: {} })
 * ```
 */
export const socialConnectionsReply = z.object({ social_connections: z.object({}) })
