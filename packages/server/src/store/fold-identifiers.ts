import { foldIdentifier } from '@tokenkeep/protocol'
import { printable } from '../printable.ts'
import { sql } from './database.ts'
import { MigrationError, type MigrationProgram } from './migration.ts'

/** How many users one statement reads. */
const SLICE = 1000
/** How many colliding identifiers the error names. */
const NAMED = 20

/**
 * Makes identifiers unique in their folded form. Before, `folded` was the lower case of the identifier, which is right for
 * ASCII. Throws {@link MigrationError} if two users of an app have the same identifier.
 */
export function* foldIdentifiers(): MigrationProgram {
  // An unfinished sign-up is no user. It must not block a user.
  yield `DELETE FROM users WHERE status = 'pending'`
  for (let last: Uint8Array | undefined = Buffer.alloc(0); last;) {
    const rows = (yield sql`
      SELECT id, identifier, folded FROM users
      WHERE id > ${last} AND octet_length(identifier) <> length(identifier) ORDER BY id LIMIT ${SLICE}`) as readonly {
      readonly id: Uint8Array
      readonly identifier: string
      readonly folded: string
    }[]
    for (const { id, identifier, folded } of rows) {
      const next = foldIdentifier(identifier)
      if (next !== folded) yield sql`UPDATE users SET folded = ${next} WHERE id = ${id}`
    }
    last = rows.length === SLICE ? rows.at(-1)!.id : undefined
  }
  const same = (yield sql`
    SELECT app_id, folded, identifier FROM users WHERE (app_id, folded) IN (
      SELECT app_id, folded FROM users GROUP BY app_id, folded HAVING count(*) > 1)
    ORDER BY app_id, folded, identifier LIMIT ${NAMED}`) as readonly Record<string, string>[]
  if (same.length) throw new MigrationError(collisionMessage(same))
  yield `CREATE UNIQUE INDEX users_by_name ON users (app_id, folded)`
}

function collisionMessage(same: readonly Record<string, string>[]): string {
  const groups = Map.groupBy(same, ({ app_id, folded }) => `${app_id} ${folded}`)
  const named = [...groups.values()].map((users) => {
    const names = users.map(({ identifier }) => `"${printable(identifier!)}"`).join(' = ')
    return `${names} in the app ${users[0]!['app_id']}`
  })
  const more = same.length === NAMED ? ', and perhaps more' : ''
  return `these identifiers are the same but for case or Unicode form: ${named.join(', ')}${more}: with the earlier version, rename or delete all but one of each, then start this one again`
}
