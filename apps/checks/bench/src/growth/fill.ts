import type { Bulk } from './bulk.ts'

const day = 86_400_000
const sessionsPerUser = 10
/** One of this many sessions expired so long ago that its row may be deleted. */
const expiredEvery = 5

/** The numbers of a user and of a session. `idOf` turns them into ids. */
export interface Place {
  readonly user: number
  readonly session: number
}

/** A user with many sessions. `session` is the number of the first one. */
export interface Crowd extends Place {
  readonly size: number
}

/** The sessions of a store, by number: first `count` sessions of users with ten each, then those of users with many. */
export interface Plan {
  readonly count: number
  readonly crowds: readonly Crowd[]
}

/** Plans `count` sessions of users with ten each, and `each` users of each of these sizes. */
export function planOf(count: number, sizes: readonly number[], each: number): Plan {
  let [user, session] = [count / sessionsPerUser, count]
  const crowds: Crowd[] = []
  for (const size of sizes)
    for (let nth = 0; nth < each; nth++) {
      crowds.push({ size, user: user++, session })
      session += size
    }
  return { count, crowds }
}

/** Returns some live sessions from the whole store. */
export function livePlaces({ count }: Plan, some: number): Place[] {
  const live = count - count / expiredEvery
  return Array.from({ length: Math.min(some, live) }, (_, n) => {
    const nth = Math.floor((n * live) / Math.min(some, live))
    const session = Math.floor(nth / (expiredEvery - 1)) * expiredEvery + (nth % (expiredEvery - 1)) + 1
    return { user: Math.floor(session / sessionsPerUser), session }
  })
}

/** Returns how many rows may be deleted. */
export const countDeletable = (bulk: Bulk): Promise<number> =>
  bulk.ask(`SELECT count(*) FROM sessions WHERE absolute_at < ${Date.now() - 7 * day}`)

/** Creates the rows of a plan as the server would. Returns the bytes of a session, with its share of the indexes. */
export async function fill(bulk: Bulk, { count, crowds }: Plan): Promise<number> {
  const now = Date.now()
  const users = `
    INSERT INTO users (id, app_id, identifier, folded, status, created_at, updated_at, last_login_at, login_count)
    SELECT ${bulk.id('n')}, 'bench', 'person-' || n || '@example.com', 'person-' || n || '@example.com', 'active',
      ${now - 300 * day} + n, ${now}, ${now}, 1
    FROM ${bulk.series(0, count / sessionsPerUser + crowds.length)}`
  const sessions = (user: string, absoluteAt: string, from: number, count: number): string => `
    INSERT INTO sessions (user_id, id, app_id, user_epoch, generation, rotated_at, active_at, attempts, created_at, absolute_at,
      inactivity, ip, user_agent)
    SELECT ${bulk.id(user)}, ${bulk.id('n')}, 'bench', 0, 0, ${now - day}, ${now - day}, '${'0'.repeat(128)}', ${now - day},
      ${absoluteAt}, ${7 * day}, '203.0.113.7',
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'
    FROM ${bulk.series(from, count)}`
  const first = `CASE WHEN n % ${expiredEvery} = 0 THEN ${now - 30 * day} ELSE ${now + day} END`
  const bytes = await bulk.insert(
    [users],
    [
      sessions(`n / ${sessionsPerUser}`, `${first} + n * 7919 % ${20 * day}`, 0, count),
      ...crowds.map(({ user, session, size }) => sessions(`${user}`, `${now + 20 * day}`, session, size)),
    ],
  )
  return bytes / (count + crowds.reduce((sum, { size }) => sum + size, 0))
}
