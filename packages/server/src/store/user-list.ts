import { foldIdentifier, type UserStatus } from '@tokenkeep/protocol'
import { sql, type Database, type Statement } from './database.ts'
import { userColumns, type User } from './user-row.ts'

export interface UserFilter {
  /** Lists only the user with this identifier, in any case. */
  readonly identifier?: string | undefined
  /** A part of the identifier. Upper and lower case are the same. */
  readonly search?: string | undefined
  readonly status?: UserStatus | 'pending' | undefined
  /** Only users created by this time (milliseconds since the epoch), so that pages do not shift while people sign up. */
  readonly createdBefore?: number | undefined
}

export type UserOrder = `${'created_at' | 'last_login_at' | 'identifier'}:${'asc' | 'desc'}`

// A user who never signed in comes last in either direction. The two databases order nulls differently by default.
const orders: Readonly<Record<UserOrder, Statement>> = {
  'created_at:asc': sql`created_at, id`,
  'created_at:desc': sql`created_at DESC, id DESC`,
  'last_login_at:asc': sql`last_login_at ASC NULLS LAST, id`,
  'last_login_at:desc': sql`last_login_at DESC NULLS LAST, id DESC`,
  'identifier:asc': sql`folded, id`,
  'identifier:desc': sql`folded DESC, id DESC`,
}

const EMPTY = sql``

export const userList = (database: Database) => ({
  async list(
    appId: string,
    { identifier, search, status, createdBefore }: UserFilter,
    order: UserOrder,
    limit: number,
    offset: number,
  ): Promise<{ users: User[]; total: number }> {
    const pattern = search === undefined ? '' : `%${foldIdentifier(search).replaceAll(/[\\%_]/g, '\\$&')}%`
    const where = sql`FROM users WHERE app_id = ${appId}
        ${identifier === undefined ? EMPTY : sql`AND folded = ${foldIdentifier(identifier)}`}
        ${search === undefined ? EMPTY : sql`AND folded LIKE ${pattern} ESCAPE '\\'`}
        ${status === undefined ? EMPTY : sql`AND status = ${status}`}
        ${createdBefore === undefined ? EMPTY : sql`AND created_at <= ${createdBefore}`}`
    const [count, page] = await Promise.all([
      database.query<{ total: number }>(sql`SELECT count(*) AS total ${where}`),
      // Select the page by its keys first, so that passkeys are counted for its rows only.
      database.query<User>(sql`
          SELECT ${userColumns} FROM users WHERE id IN (SELECT id ${where} ORDER BY ${orders[order]} LIMIT ${limit} OFFSET ${offset})
          ORDER BY ${orders[order]}`),
    ])
    return { users: page, total: count[0]!.total }
  },
})
