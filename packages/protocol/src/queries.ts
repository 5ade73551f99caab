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
