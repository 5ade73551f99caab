// `pnpm explore [tabs] [times] [faults]`: explores any number of refreshes in every order of events, with each of nine kinds
// of faults at most `times` times and at most `faults` faults in one run. Without arguments: the two configurations that
// run every night. `pnpm explore thief [tabs] [faults]`: the same with a thief, once for each kind of loot; default: two tabs,
// at most two faults.
import { explore } from './explore.ts'
import { faults, initialWorld, loots, type Loot } from './world.ts'

interface Configuration {
  readonly tabs: number
  readonly times: number
  readonly most: number
  readonly loot?: Loot
}

const isThief = process.argv[2] === 'thief'
const [tabs, ...numbers] = process.argv.slice(isThief ? 3 : 2).map(Number)
const [times = 1, most = 9 * times] = numbers
const configurations: readonly Configuration[] = isThief
  ? loots.map((loot) => ({ tabs: tabs ?? 2, times: numbers[0] ?? 2, most: numbers[0] ?? 2, loot }))
  : tabs
    ? [{ tabs, times, most }]
    : [
        { tabs: 3, times: 1, most: 9 },
        { tabs: 2, times: 3, most: 5 },
      ]

for (const { tabs, times, most, loot } of configurations) {
  const startedAt = performance.now()
  const first = initialWorld(tabs, faults(times), loot, !loot)
  const { states, transitions, violation } = explore(first, { faults: most })
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  const memory = Math.round(process.resourceUsage().maxRSS / 1000)
  console.log(
    `${tabs} tabs, ${loot ? `a stolen ${loot}, ` : ''}any number of refreshes, each of nine kinds of faults at most ${times} x, at most ${most} faults in one run: ${states} states, ${transitions} transitions, ${seconds} s, ${memory} MB`,
  )
  if (violation) {
    console.error([violation.invariant, ...violation.trace].join('\n  '))
    process.exit(1)
  }
}
console.log('No invariant was violated.')
