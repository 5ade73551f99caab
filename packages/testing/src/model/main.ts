// `pnpm explore [tabs] [how often each fault]`: any number of refreshes, all faults in one run, every order of events.
import { explore } from './explore.ts'
import { begin, everyFault, type Budgets } from './world.ts'

const [tabs = 3, times = 1] = process.argv.slice(2).map(Number)
const faults = Object.fromEntries(
  Object.entries(everyFault).map(([kind, budget]) => [kind, budget * times]),
) as unknown as Budgets
const since = performance.now()
const { states, transitions, violation } = explore(begin(tabs, faults))
const seconds = Math.round((performance.now() - since) / 1000)
const memory = Math.round(process.resourceUsage().maxRSS / 1000)
console.log(
  `${tabs} tabs, any number of refreshes, each of nine faults up to ${times} x in one run: ${states} states, ${transitions} transitions, ${seconds} s, ${memory} MB`,
)
if (violation) {
  console.error([violation.invariant, ...violation.trace].join('\n  '))
  process.exitCode = 1
} else console.log('all invariants hold')
