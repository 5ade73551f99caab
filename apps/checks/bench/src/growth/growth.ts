import { failed } from '../frame/failed.ts'
import type { Bench, Row } from '../frame/report.ts'
import { at } from '../frame/rounds.ts'
import { planOf, type Plan } from './fill.ts'
import { measureGrown, perSecond, quietFor, refreshed, roundsOfCollection, type Grown } from './grown.ts'
import { free, places, versions } from './places.ts'

const sizes = [10_000, 100_000, 1_000_000, 10_000_000]
/** The session counts of the users who are signed out everywhere, and how many users of each count are measured. */
const crowds = [1, 10, 100, 1000, 10_000, 100_000]
const each = 3
/** Disk space for one session, with room to build its indexes. Bytes. */
const room = 1000

const number = (value: number): string => value.toLocaleString('en-US')

/** Returns the plans that the disk has room for. The largest also has the users with many sessions. */
function plansFor(bytes: number): Plan[] {
  const fit = sizes.filter((size) => size * room < bytes)
  return fit.map((size) => planOf(size, size === fit.at(-1) ? crowds : [], each))
}

const sizeRow = (name: string, grown: Grown | string): Row =>
  typeof grown === 'string'
    ? { name, p50: grown }
    : {
        name,
        p50: at(grown.quiet, 0.5),
        p99: at(grown.quiet, 0.99),
        collecting: at(grown.collecting, 0.99),
        longest: grown.collecting.at(-1)!,
        collected: grown.collected,
        round: grown.round,
        bytes: grown.bytes,
      }

export const bench: Bench = {
  title: 'Growth',
  method: `The session server runs on stores that are filled in bulk with sessions as it would have created them: ten for each user, with scattered ids. Every fifth session ended long ago.
Then ${number(perSecond)} refreshes a second are due. Each is measured from the time at which it is due, even if earlier ones are late, so the figures contain every pause of the server.
They rotate over ${number(refreshed)} sessions (or fewer, if the store has fewer) from the whole store. There are ${quietFor / 1000} s to warm up, then ${quietFor / 1000} s without other work, and then
${roundsOfCollection} rounds of housekeeping, one after the other. A round deletes rows of ended sessions and scans all others. A server does one such round a minute. The load shares the machine's cores.

- On SQLite, a thread of its own copies the log into the file. The slowest refreshes wait while the log starts again, which is after about every 20,000 written pages.
- *During housekeeping* means that a round was running. *Rows deleted* is the sum of all rounds. *Bytes per session* include the session's share of the indexes.
- *Signed out everywhere*: one request revokes all sessions of a user by writing one row. The figures are medians of ${each} users of each size, in the largest store. Afterwards the last of the sessions is refused.
- A store is not measured if the disk has no room for it (${room} bytes for each session).`,
  async run(tell) {
    const plans = plansFor(free())
    const rows: Row[] = []
    const revoked: (readonly [string, Grown | string])[] = []
    for (const { name, within } of places)
      for (const plan of plans) {
        const title = `${name}, ${number(plan.count)}`
        const work = (store: string): Promise<Grown> =>
          measureGrown(store, plan, (text) => tell(`${title}: ${text}`))
        const grown = await within(work).catch(failed)
        rows.push(sizeRow(title, grown))
        if (plan.crowds.length > 0) revoked.push([name, grown])
      }
    const revocation = (size: number): Row =>
      Object.fromEntries([
        ['size', size],
        ...revoked.map(([name, grown]) => [
          name,
          typeof grown === 'string' ? grown : grown.revokeAll.get(size)!,
        ]),
      ])
    return {
      versions: await versions(),
      tables: [
        {
          title: 'Refreshes, by the size of the store',
          columns: [
            { key: 'name', title: 'store, sessions' },
            { key: 'p50', title: 'p50, ms', digits: 2 },
            { key: 'p99', title: 'p99, ms', digits: 2 },
            { key: 'collecting', title: 'p99 during housekeeping, ms', digits: 2 },
            { key: 'longest', title: 'longest during housekeeping, ms', digits: 2 },
            { key: 'collected', title: 'rows deleted' },
            { key: 'round', title: 'one round, ms' },
            { key: 'bytes', title: 'bytes per session' },
          ],
          rows,
          chart: { column: 'p99', label: 'p99 of a refresh, ms' },
        },
        {
          title: 'Signed out everywhere',
          columns: [
            { key: 'size', title: 'sessions of the user' },
            ...places.map(({ name }) => ({ key: name, title: `${name}, ms`, digits: 2 })),
          ],
          rows: crowds.map(revocation),
        },
      ],
    }
  },
}
