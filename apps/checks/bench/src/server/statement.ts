import type { Row, Table, Tell } from '../frame/report.ts'
import { median } from '../frame/rounds.ts'
import { clients, type Postgres } from './postgres.ts'
import { rowPerSession, rowPerToken, type Shape } from './shapes.ts'
import { measureStore } from './store.ts'
import { Installation } from './tokenkeep.ts'

/** How long one turn takes. Seconds. */
const turn = 3

interface Contender {
  readonly name: string
  readonly shape: Shape
  /** Returns refreshes per second: `durable` if each commit waits for the disk, `quick` if commits are flushed soon after. */
  durable?(url: string): Promise<number>
  quick(url: string): Promise<number>
}

function pgbench(postgres: Postgres, name: string, shape: Shape): Required<Contender> {
  const run = (durable: boolean) => (url: string) => postgres.pgbench(url, shape.script, turn, durable)
  return { name: `pgbench: ${name}`, shape, durable: run(true), quick: run(false) }
}

/** Measures both shapes of the data by pgbench, and how much of pgbench's rate Tokenkeep's store reaches. */
export async function measureStatement(postgres: Postgres, rounds: number, tell: Tell): Promise<Table> {
  const url = await postgres.createDatabase()
  await Installation.create(url)
  const shape = await rowPerSession()
  const ours = pgbench(postgres, 'one row per session, Tokenkeep’s statement', shape)
  const contenders: Contender[] = [
    ours,
    { name: 'Tokenkeep’s store, the same statement', shape, quick: (url) => measureStore(url, turn) },
    pgbench(postgres, 'a row per refresh token', rowPerToken),
  ]
  const rates = new Map<string, number[]>()
  for (let round = 1; round <= rounds; round++)
    for (const { name, shape, ...contender } of contenders)
      for (const how of ['durable', 'quick'] as const) {
        const measure = contender[how]
        if (!measure) continue
        tell(`${name}, round ${round} of ${rounds}`)
        await shape.reset(url)
        const key = `${name} ${how}`
        rates.set(key, [...(rates.get(key) ?? []), await measure(url)])
      }

  const rate = (name: string, how: string): number | undefined => {
    const values = rates.get(`${name} ${how}`)
    return values && median(values)
  }
  const rows = contenders.map(({ name }): Row => {
    const [durable, quick] = [rate(name, 'durable'), rate(name, 'quick')!]
    return {
      name,
      ...(durable !== undefined && { durable }),
      quick,
      share: quick / rate(ours.name, 'quick')!,
    }
  })
  return {
    title: `The statement on PostgreSQL, refreshes/s, ${clients} at a time`,
    columns: [
      { key: 'name', title: 'client' },
      { key: 'durable', title: 'each commit on disk' },
      { key: 'quick', title: 'commits flushed soon after' },
      { key: 'share', title: '× pgbench with our statement', digits: 2 },
    ],
    rows,
  }
}
