// `pnpm explore [tabs] [times] [faults]`: explores any number of refreshes in every order of events, with each of nine kinds
// of faults at most `times` times and at most `faults` faults in one run. Without arguments: the two configurations that
// run every night.
import { explore } from './explore.ts'
import { faults, initialWorld } from './world.ts'

const [tabs, times = 1, most = 9 * times] = process.argv.slice(2).map(Number)
const configurations = tabs
  ? [{ tabs, times, most }]
  : [
      { tabs: 3, times: 1, most: 9 },
      { tabs: 2, times: 3, most: 5 },
    ]

for (const { tabs, times, most } of configurations) {
  const startedAt = performance.now()
  const { states, transitions, violation } = explore(initialWorld(tabs, faults(times)), { faults: most })
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  const memory = Math.round(process.resourceUsage().maxRSS / 1000)
  console.log(
    `${tabs} tabs, any number of refreshes, each of nine kinds of faults at most ${times} x, at most ${most} faults in one run: ${states} states, ${transitions} transitions, ${seconds} s, ${memory} MB`,
  )
  if (violation) {
    console.error([violation.invariant, ...violation.trace].join('\n  '))
    process.exit(1)
  }
}
console.log('No invariant was violated.')
