import { z } from 'zod'

/**
 * The query string of a sign-out. Passage's clients send the refresh token there.
 *
 * @example
 * ```ts
 * import { signOutQuery } from '@tokenkeep/protocol'
 *
 * const query = signOutQuery.parse({ refresh_token: 'rt1.…' })
 * ```
 */
export const signOutQuery = z.object({ refresh_token: z.string().optional() })

/**
 * The query string that ends all sessions of the signed-in user except the current one.
 *
 * @example
 * ```ts
 * import { othersQuery } from '@tokenkeep/protocol'
 *
 * const query = othersQuery.parse({ others: 'true' })
 * ```
 */
export const othersQuery = z.object({ others: z.literal('true') })

/**
 * The query string that ends all sessions of a user. `except`: the id of a session that stays.
 *
 * @example
 * ```ts
 * import { exceptQuery } from '@tokenkeep/protocol'
 *
 * const query = exceptQuery.parse({ except: 'n2c…' })
 * ```
 */
export const exceptQuery = z.object({ except: z.string().optional() })

/**
 * The query string of the revocation feed. `since`: the cursor to continue after.
 *
 * @example
 * ```ts
 * import { sinceQuery } from '@tokenkeep/protocol'
 *
 * const query = sinceQuery.parse({ since: '7' })
 * ```
 */
export const sinceQuery = z.object({ since: z.string().optional() })

const COLUMN = '(?:id|identifier|status|login_count|created_at|updated_at|last_login_at)'
const COLUMN_ORDER = `${COLUMN}(?::(?:[aA][sS][cC]|[dD][eE][sS][cC]))?`

/**
 * The order of a list of users: one or two columns, separated by a comma, each with `:asc` or `:desc` in any case. Without
 * one of them the order is descending.
 *
 * @example
 * ```ts
 * import { userOrder } from '@tokenkeep/protocol'
 *
 * const order = userOrder.parse('login_count:DESC,created_at:asc')
 * ```
 */
export const userOrder = z
  .string()
  .max(200)
  .regex(
    new RegExp(`^${COLUMN_ORDER}(?:,${COLUMN_ORDER})?$`),
    'must be one or two columns, such as created_at:desc',
  )

const operator = (names: string): string => `<(?:${names}):`
const comparison = (value: string): RegExp => new RegExp(`^(?:${value}|${operator('ne|gt|lt')}${value}>)$`)
const time = z
  .string()
  .regex(
    comparison('[\\d:.TZ+-]{10,35}'),
    'must be a time, such as 2026-01-02T15:04:05Z or <gt:2026-01-02T15:04:05Z>',
  )

/**
 * The query string of a list of users. `page` counts from 1. `limit`: 1 to 500, default 100. All other fields select
 * users. `login_count` and the times can have an operator, as in Passage's API: `<gt:3>`, `<lt:3>` or `<ne:3>`, and `id` and
 * `status` can have `<ne:…>`.
 *
 * @example
 * ```ts
 * import { usersQuery } from '@tokenkeep/protocol'
 *
 * const { page, limit } = usersQuery.parse({ search: 'ada', login_count: '<gt:0>' })
 * ```
 */
export const usersQuery = z.object({
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  /** Lists only the user with exactly this identifier. */
  identifier: z.string().optional(),
  /** A part of the identifier. Upper and lower case are the same. */
  search: z.string().trim().max(254).optional(),
  /** `pending` is a state of Passage's API. No user of this server is in it. */
  status: z
    .string()
    .regex(
      /^(?:(?:active|inactive|pending)|<ne:(?:active|inactive|pending)>)$/,
      'must be active, inactive or pending',
    )
    .optional(),
  id: z.string().max(100).optional(),
  login_count: z.string().regex(comparison('\\d{1,15}'), 'must be a number, such as 3 or <gt:3>').optional(),
  created_at: time.optional(),
  updated_at: time.optional(),
  last_login_at: time.optional(),
  order_by: userOrder.default('created_at:desc'),
  /** Only users created by this time (Unix seconds), so that pages do not shift while people sign up. */
  created_before: z.coerce.number().int().optional(),
})
/** The query string of a list of users. */
export type UsersQuery = z.infer<typeof usersQuery>
