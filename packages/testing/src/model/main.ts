// `pnpm explore [tabs] [refreshes] [retries]`: every fault at once, every order of events. Minutes and gigabytes; prints the count.
import { explore } from './explore.ts'
import { begin } from './world.ts'

const [tabs = 2, start = 2, retry = 1] = process.argv.slice(2).map(Number)
const faults = {
  crash: 1,
  loss: 1,
  duplicate: 1,
  timeout: 1,
  freeze: 1,
  bypass: 1,
  signOut: 1,
  signIn: 1,
  clear: 1,
}
const since = performance.now()
const { states, transitions, violation } = explore(begin(tabs, { start, retry, ...faults }))
const seconds = Math.round((performance.now() - since) / 1000)
console.log(
  `${tabs} tabs, ${start} refreshes, ${retry} sent again, every fault once: ${states} states, ${transitions} transitions, ${seconds} s`,
)
if (violation) {
  console.error([violation.invariant, ...violation.trace].join('\n  '))
  process.exitCode = 1
} else console.log('all invariants hold')
