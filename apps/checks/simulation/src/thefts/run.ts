import { startServer } from '../server.ts'
import { walkHonestly, walkWithCookie } from './honest.ts'
import { performTheft, schedules, type Schedule, type Theft } from './theft.ts'
import { loots, type Loot } from './thief.ts'

export interface Figures {
  readonly loot: Loot
  readonly schedule: Schedule
  readonly thefts: number
  /** Thefts by how they ended. */
  readonly noticed: number
  readonly missed: number
  readonly nothing: number
  /** How often the thief was served before he was noticed: the median, and the 99th percentile. */
  readonly p50: number
  readonly p99: number
  /** How many of the noticed thefts were noticed by the owner's second use after the thief's first success. */
  readonly bySecondUse: number
}

export interface Result {
  readonly figures: readonly Figures[]
  /** The events `reuse` that the server wrote. */
  readonly events: number
  readonly honest: { readonly walks: number; readonly alarms: number }
}

const start = 1_700_000_000_000

/** Performs `count` thefts of each kind of loot, spread over the schedules, and `walks` honest walks on one server, from a first seed. */
export async function runThefts(
  count: number,
  walks: number,
  seed: number,
  onFigures: (figures: Figures) => void = () => {},
): Promise<Result> {
  const server = await startServer(start)
  try {
    const user = await server.createUser()
    const figures: Figures[] = []
    for (const loot of loots)
      for (const schedule of schedules) {
        const thefts: Theft[] = []
        for (let each = 0; each < Math.ceil(count / schedules.length); each++)
          thefts.push(await performTheft(server, user, loot, schedule, seed + each))
        figures.push(summarize(loot, schedule, thefts))
        onFigures(figures.at(-1)!)
      }
    const events = await server.countEvents('reuse')
    let alarms = 0
    for (let each = 0; each < walks; each++) {
      const walk = each % 2 ? walkWithCookie : walkHonestly
      alarms += Number(await walk(server, user, seed + each))
    }
    return { figures, events, honest: { walks, alarms } }
  } finally {
    await server.close()
  }
}

function summarize(loot: Loot, schedule: Schedule, thefts: readonly Theft[]): Figures {
  const ended = (as: Theft['end']): Theft[] => thefts.filter(({ end }) => end === as)
  const noticed = ended('noticed')
  const served = noticed.map(({ thiefServed }) => thiefServed).toSorted((one, other) => one - other)
  const percentile = (share: number): number => served[Math.floor(served.length * share)] ?? 0
  return {
    loot,
    schedule,
    thefts: thefts.length,
    noticed: noticed.length,
    missed: ended('missed').length,
    nothing: ended('nothing').length,
    p50: percentile(0.5),
    p99: percentile(0.99),
    bySecondUse: noticed.filter(({ ownerServed }) => ownerServed < 2).length,
  }
}
