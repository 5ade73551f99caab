// `pnpm explore [tabs] [times] [faults]`: any number of refreshes, each of nine faults up to so many times, at most so many
// faults in one run, every order of events. Without arguments, the two rooms that are worth a night.
import { explore } from './explore.ts'
import { begin, faults } from './world.ts'

const [tabs, times = 1, most = 9 * times] = process.argv.slice(2).map(Number)
const rooms = tabs
  ? [{ tabs, times, most }]
  : [
      { tabs: 3, times: 1, most: 9 },
      { tabs: 2, times: 3, most: 5 },
    ]

for (const { tabs, times, most } of rooms) {
  const since = performance.now()
  const { states, transitions, violation } = explore(begin(tabs, faults(times)), { faults: most })
  const seconds = Math.round((performance.now() - since) / 1000)
  const memory = Math.round(process.resourceUsage().maxRSS / 1000)
  console.log(
    `${tabs} tabs, any number of refreshes, each of nine faults up to ${times} x, at most ${most} in one run: ${states} states, ${transitions} transitions, ${seconds} s, ${memory} MB`,
  )
  if (violation) {
    console.error([violation.invariant, ...violation.trace].join('\n  '))
    process.exit(1)
  }
}
console.log('all invariants hold')
