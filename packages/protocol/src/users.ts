import { z } from 'zod'
import { identifier } from './auth.ts'

export const userStatus = z.enum(['active', 'inactive', 'pending'])
export type UserStatus = z.infer<typeof userStatus>

/** At most 16 KiB of JSON. */
const metadata = z
  .record(z.string(), z.unknown())
  .refine((value) => JSON.stringify(value).length <= 16_384, 'at most 16 KiB')

/** A user as the management API shows one, in Passage's shape: times are ISO 8601 here. */
export const user = z.object({
  id: z.string(),
  identifier: z.string(),
  email: z.string(),
  email_verified: z.boolean(),
  phone: z.string(),
  phone_verified: z.boolean(),
  external_id: z.string(),
  status: userStatus,
  created_at: z.string(),
  updated_at: z.string(),
  last_login_at: z.string().nullable(),
  login_count: z.number(),
  user_metadata: z.record(z.string(), z.unknown()),
  webauthn: z.boolean(),
  webauthn_types: z.array(z.string()),
})
export type User = z.infer<typeof user>

/** One of `identifier`, `email` and `phone` names the user. */
export const newUser = z
  .object({
    identifier: identifier.optional(),
    email: identifier.optional(),
    phone: identifier.optional(),
    user_metadata: metadata.optional(),
  })
  .refine((value) => value.identifier ?? value.email ?? value.phone, 'identifier, email or phone is needed')
export type NewUser = z.infer<typeof newUser>
export const userChange = z.object({ identifier: identifier.optional(), user_metadata: metadata.optional() })
export type UserChange = z.infer<typeof userChange>

export const userOrder = z
  .enum(['created_at', 'last_login_at', 'identifier'])
  .or(
    z.templateLiteral([z.enum(['created_at', 'last_login_at', 'identifier']), ':', z.enum(['asc', 'desc'])]),
  )

/** One page of the list, from query parameters. Pages count from 1. */
export const usersQuery = z.object({
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  /** Exactly this one. */
  identifier: z.string().optional(),
  /** A part of the identifier, in any case. */
  search: z.string().trim().max(254).optional(),
  status: userStatus.optional(),
  order_by: userOrder.default('created_at:desc'),
  /** Only who was there by then, in Unix seconds: pages don't shift while people sign up. */
  created_before: z.coerce.number().int().optional(),
})
export type UsersQuery = z.infer<typeof usersQuery>

/** A live session of a user. Times are Unix seconds. */
export const sessionOfUser = z.object({
  id: z.string(),
  ip: z.string().optional(),
  user_agent: z.string().optional(),
  created_at: z.number(),
  last_active_at: z.number(),
  absolute_expiration: z.number().optional(),
  inactivity_expiration: z.number().optional(),
  /** The session that asks. */
  current: z.boolean().optional(),
})
export type SessionOfUser = z.infer<typeof sessionOfUser>
