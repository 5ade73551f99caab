import { failed } from '../frame/failed.ts'
import type { Bench, Row } from '../frame/report.ts'
import { at } from '../frame/rounds.ts'
import { planOf, type Plan } from './fill.ts'
import { measureGrown, perSecond, quietFor, refreshed, roundsOfCollection, type Grown } from './grown.ts'
import { free, places, versions } from './places.ts'

const sizes = [10_000, 100_000, 1_000_000, 10_000_000]
/** How many sessions a user has who signs out everywhere, and how many such users are measured. */
const crowds = [1, 10, 100, 1000, 10_000, 100_000]
const each = 3
/** Bytes of disk for a session, with room for its indexes while they are built. */
const room = 1000

const number = (value: number): string => value.toLocaleString('en-US')

/** The sizes that fit on the disk. The largest also has the crowds. */
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
  method: `The session server on stores that are filled in bulk with sessions as it would have made them, ten for each user, ids scattered, every fifth one long over.
Then ${number(perSecond)} refreshes a second, each due at its time and measured from then on, whatever became of those before it: a server that stands still is seen to.
They go round ${number(refreshed)} sessions (fewer where there are fewer) all over the store; ${quietFor / 1000} s to warm up, ${quietFor / 1000} s with nothing else going on, and as long as
${roundsOfCollection} rounds of housekeeping take, one after the other, in which rows of ended sessions are collected and all others looked through; a server does one such round a minute. The load shares the machine's cores.

- On SQLite, the slowest refreshes wait for a checkpoint: after about every thousandth page that was written, the log is moved into the file, which is synced.
- *In collection*, and the *longest* of then: while the rounds went on; *rows gone* by all of them. *Bytes each*: of a session's row with its share of the indexes.
- *Signed out everywhere*: one request revokes all sessions of a user, by one row; medians of ${each} users of each size, in the largest store. Then the last of the sessions is refused.
- A store that the disk has no room for is not measured (${room} bytes for each session).`,
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
            { key: 'collecting', title: 'p99 in collection, ms', digits: 2 },
            { key: 'longest', title: 'longest, ms', digits: 2 },
            { key: 'collected', title: 'rows gone' },
            { key: 'round', title: 'a round, ms' },
            { key: 'bytes', title: 'bytes each' },
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
