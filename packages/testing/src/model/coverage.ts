import type { Tab, World } from './world.ts'

// The coverage of a simulation: which combinations it has met. A combination is a tab's phase with the record and a message
// on its way, or the phases of two tabs.

const phases = ['at rest', 'queues', 'reads', 'sends', 'waits', 'writes'] as const
/** Only a tab that holds the lock, or that waits for a message, can freeze. */
const allPhases = [...phases, ...phases.slice(2).map((phase) => `${phase}, frozen`)]
const records = ['signed in', 'signed in after a failure', 'signed out', 'cleared']
const messages = ['nothing', 'a request', 'an answer', 'a stray']

function phaseOf({ target, step, awaits, answer, frozen }: Tab): string {
  const begun = step && !step.request ? 'reads' : answer ? 'writes' : awaits ? 'waits' : 'sends'
  const phase: (typeof phases)[number] = !target ? 'at rest' : !step ? 'queues' : begun
  return frozen ? `${phase}, frozen` : phase
}

function recordOf({ record }: World): string {
  if (!record) return 'cleared'
  if (record.reason) return 'signed out'
  return record.lastFailure ? 'signed in after a failure' : 'signed in'
}

/** A stray is a message that no tab waits for: its sender has crashed or timed out, or it is a copy. */
const messagesOf = ({ network, tabs }: World): string[] =>
  network.length === 0
    ? ['nothing']
    : network.map(({ id, answer }) => {
        if (!tabs.some(({ awaits }) => awaits === id)) return 'a stray'
        return answer ? 'an answer' : 'a request'
      })

/** A frozen tab that waits for no message holds the lock, so there is at most one such tab. */
const holdsLock = (phase: string): boolean => phase.endsWith('frozen') && !phase.startsWith('waits')

const pair = (one: string, other: string): string => [one, other].toSorted().join(' | ')

export const combinations: readonly string[] = [
  ...allPhases.flatMap((phase) =>
    records.flatMap((record) => messages.map((message) => `${phase} | ${record} | ${message}`)),
  ),
  ...new Set(
    allPhases.flatMap((one) =>
      allPhases.filter((other) => !(holdsLock(one) && holdsLock(other))).map((other) => pair(one, other)),
    ),
  ),
]

/** Adds to `covered` the combinations that a world contains. */
export function addCoverage(covered: Set<string>, world: World): void {
  const record = recordOf(world)
  const onTheirWay = messagesOf(world)
  const tabPhases = world.tabs.map(phaseOf)
  for (const [index, phase] of tabPhases.entries()) {
    for (const message of onTheirWay) covered.add(`${phase} | ${record} | ${message}`)
    for (const other of tabPhases.slice(index + 1)) covered.add(pair(phase, other))
  }
}

export const uncovered = (covered: ReadonlySet<string>): string[] =>
  combinations.filter((each) => !covered.has(each))
