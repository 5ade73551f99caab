import type { Tab, World } from './world.ts'

// What a run has met: each tab's place together with the record's state and with what is on its way, and with the place
// of each other tab.

const steps = ['rests', 'queues', 'looks', 'sends', 'waits', 'writes'] as const
/** A tab freezes with the lock or with a request on its way. */
const places = [...steps, ...steps.slice(2).map((step) => `${step}, frozen`)]
const records = ['signed in', 'in lastFailure', 'signed out', 'cleared']
const pendings = ['nothing', 'a request', 'an answer', 'a stray']

function placeOf({ wants, step, awaits, answer, frozen }: Tab): string {
  const begun = step?.change ? 'looks' : answer ? 'writes' : awaits ? 'waits' : 'sends'
  const place: (typeof steps)[number] = !wants ? 'rests' : !step ? 'queues' : begun
  return frozen ? `${place}, frozen` : place
}

function recordOf({ record }: World): string {
  if (!record) return 'cleared'
  if (record.reason) return 'signed out'
  return record.lastFailure ? 'in lastFailure' : 'signed in'
}

/** A stray is a message that nobody waits for: its sender is gone or has given up, or it is a copy. */
const pendingOf = ({ net, tabs }: World): string[] =>
  net.length === 0
    ? ['nothing']
    : net.map(({ id, answer }) => {
        if (!tabs.some(({ awaits }) => awaits === id)) return 'a stray'
        return answer ? 'an answer' : 'a request'
      })

/** Frozen with nothing on its way, it has the lock: that's one tab at most. */
const hasLock = (place: string): boolean => place.endsWith('frozen') && !place.startsWith('waits')

const pair = (one: string, other: string): string => [one, other].toSorted().join(' | ')

export const combinations: readonly string[] = [
  ...places.flatMap((place) =>
    records.flatMap((record) => pendings.map((pending) => `${place} | ${record} | ${pending}`)),
  ),
  ...new Set(
    places.flatMap((one) =>
      places.filter((other) => !(hasLock(one) && hasLock(other))).map((other) => pair(one, other)),
    ),
  ),
]

export function cover(met: Set<string>, world: World): void {
  const record = recordOf(world)
  const pending = pendingOf(world)
  const all = world.tabs.map(placeOf)
  for (const [index, place] of all.entries()) {
    for (const each of pending) met.add(`${place} | ${record} | ${each}`)
    for (const other of all.slice(index + 1)) met.add(pair(place, other))
  }
}

export const neverMet = (met: ReadonlySet<string>): string[] => combinations.filter((each) => !met.has(each))
