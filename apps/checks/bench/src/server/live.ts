import { failed } from '../frame/failed.ts'
import { versionOf } from '../frame/machine.ts'
import type { Row, Tell } from '../frame/report.ts'
import { at, median } from '../frame/rounds.ts'
import type { Contender, Running, Surroundings } from './contenders.ts'
import { load, type Load } from './load.ts'

/** How long servers are measured. In each round, each server has one turn. The first round warms up and is not counted. */
export interface Schedule {
  readonly rounds: number
  /** The part of a turn that is not counted, because V8 discards compiled code while a server waits. Seconds. */
  readonly again: number
  /** The part of a turn that is counted. Seconds. */
  readonly seconds: number
}

/** One server's turn under load. */
export interface Turn extends Load {
  /** CPU time of PostgreSQL's processes. Microseconds. */
  readonly databaseCpu: number
}

/** The turns of each server by its title, or why it could not be measured. */
export type Turns = ReadonlyMap<string, readonly Turn[] | string>

export async function measureServers(
  contenders: readonly Contender[],
  surroundings: Surroundings,
  { rounds, again, seconds }: Schedule,
  tell: Tell,
): Promise<Turns> {
  const running = new Map<Contender, Running>()
  const turns = new Map<string, Turn[] | string>()
  try {
    for (const contender of contenders) {
      tell(`starting ${contender.title}`)
      try {
        running.set(contender, await contender.start(surroundings))
        turns.set(contender.title, [])
      } catch (error) {
        turns.set(contender.title, failed(error))
      }
    }
    for (let round = 0; round <= rounds; round++)
      for (const [{ title }, { servers, refreshes, tokens }] of running) {
        const own = turns.get(title)!
        if (typeof own === 'string') continue
        tell(`${title}, round ${round} of ${rounds}`)
        try {
          await load(servers, refreshes, tokens, again)
          const before = surroundings.postgres.cpu()
          const measured = await load(servers, refreshes, tokens, seconds)
          if (round > 0) own.push({ ...measured, databaseCpu: surroundings.postgres.cpu() - before })
        } catch (error) {
          turns.set(title, failed(error))
        }
      }
  } finally {
    await Promise.all([...running.values()].map(({ stop }) => stop()))
  }
  return turns
}

/** Returns the CPU time per refresh. Microseconds. Throws for a server that could not be measured. */
export function cpuOf({ title }: Contender, turns: Turns): number {
  const own = turns.get(title)!
  if (typeof own === 'string') throw new Error(own)
  return median(own.map((turn) => turn.cpu / turn.refreshes))
}

/** Returns the row of a server. `floor`: the CPU time of the necessary work alone. Microseconds. */
export function serverRow(contender: Contender, turns: Turns, floor: number): Row {
  const { title, package: from, survives, usesPostgres } = contender
  const row = { name: title, version: from ? versionOf(from) : '', survives }
  const own = turns.get(title)!
  if (typeof own === 'string') return { ...row, cpu: own }
  const of = (value: (turn: Turn) => number): number => median(own.map(value))
  const cpu = of((turn) => turn.cpu / turn.refreshes)
  return {
    ...row,
    cpu,
    ratio: cpu / floor,
    ...(usesPostgres && { database: of((turn) => turn.databaseCpu / turn.refreshes) }),
    core: 1e6 / cpu,
    rate: of((turn) => turn.refreshes / turn.seconds),
    p50: of((turn) => at(turn.latencies, 0.5)),
    p99: of((turn) => at(turn.latencies, 0.99)),
  }
}

/** Compares the rates of one and more processes on one database. */
export function scaling(contenders: readonly Contender[], turns: Turns): Row[] {
  const rows = contenders.flatMap((contender): Row[] =>
    contender.processes ? [{ ...serverRow(contender, turns, 1), name: contender.processes }] : [],
  )
  const one = rows.find(({ name }) => name === 1)?.['rate']
  return rows.map(({ name, rate, cpu }): Row =>
    typeof rate === 'number' && typeof one === 'number'
      ? { name: name!, rate, factor: rate / one }
      : { name: name!, rate: rate ?? cpu! },
  )
}
