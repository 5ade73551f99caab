import { sql, type Database } from './database.ts'
import { orderUsers, whereUser, type UserFilter, type UserOrder } from './user-filter.ts'
import { userColumns, type User } from './user-row.ts'

export const userList = (database: Database) => ({
  async list(
    appId: string,
    filter: UserFilter,
    order: UserOrder,
    limit: number,
    offset: number,
  ): Promise<{ users: User[]; total: number }> {
    const where = sql`FROM users WHERE ${whereUser(appId, filter)}`
    const ordered = orderUsers(order)
    const [count, page] = await Promise.all([
      database.query<{ total: number }>(sql`SELECT count(*) AS total ${where}`),
      // Select the page by its keys first, so that passkeys are counted for its rows only.
      database.query<User>(sql`
          SELECT ${userColumns} FROM users WHERE id IN (SELECT id ${where} ORDER BY ${ordered} LIMIT ${limit} OFFSET ${offset})
          ORDER BY ${ordered}`),
    ])
    return { users: page, total: count[0]!.total }
  },
})
