import { z } from 'zod'

const sortableColumn = z.enum(['created_at', 'last_login_at', 'identifier'])

/** The search parameters of the users page. An invalid value counts as absent. */
export const usersSearch = z.object({
  q: z.string().optional().catch(undefined),
  status: z.enum(['active', 'inactive']).optional().catch(undefined),
  page: z.int().min(1).optional().catch(undefined),
  order: z
    .templateLiteral([sortableColumn, ':', z.enum(['asc', 'desc'])])
    .optional()
    .catch(undefined),
})
export type UsersSearch = z.infer<typeof usersSearch>
