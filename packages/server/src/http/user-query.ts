import type { UsersQuery } from '@tokenkeep/protocol'
import { ApiError } from '../errors.ts'
import { parseId } from '../store/ids.ts'
import type { Comparison, UserFilter, UserOrder } from '../store/user-filter.ts'

/** Reads a condition as Passage's API writes it: `3`, or with an operator `<gt:3>`. */
function readComparison<Value>(
  text: string | undefined,
  read: (value: string) => Value,
): Comparison<Value> | undefined {
  if (text === undefined) return undefined
  const [, operator, compared] = /^<(ne|gt|lt):(.*)>$/.exec(text) ?? []
  return operator === undefined
    ? { operator: 'is', value: read(text) }
    : { operator: operator as 'ne', value: read(compared!) }
}

const readTime =
  (field: string) =>
  (text: string): number => {
    const time = Date.parse(text)
    if (Number.isNaN(time))
      throw new ApiError('invalid_request', `${field}: must be a time, such as 2026-01-02T15:04:05Z`)
    return time
  }

/** An id that no user has, for a text that is no id. */
const NO_ID = Buffer.alloc(16)

/** Which users a query selects. `before`: Unix seconds. */
export const toUserFilter = (query: UsersQuery, before: number): UserFilter => ({
  identifier: query.identifier,
  search: query.search,
  createdBefore: before * 1000,
  id: readComparison(query.id, (text) => parseId(text) ?? NO_ID),
  status: readComparison(query.status, String),
  login_count: readComparison(query.login_count, Number),
  created_at: readComparison(query.created_at, readTime('created_at')),
  updated_at: readComparison(query.updated_at, readTime('updated_at')),
  last_login_at: readComparison(query.last_login_at, readTime('last_login_at')),
})

/** The order of a query, with every direction written out. */
export const toUserOrder = ({ order_by }: UsersQuery): UserOrder =>
  order_by
    .toLowerCase()
    .split(',')
    .map((column) => (column.includes(':') ? column : `${column}:desc`))
    .join() as UserOrder
