// `pnpm thefts [count] [walks] [first seed]`: simulated thefts of each kind of loot on the real server, with a simulated
// clock, and honest walks. Default: 10,000 of each. Prints how many thefts were noticed when a used-up token first came
// again.
import { runThefts } from './run.ts'

const [count = 10_000, walks = 10_000, seed = 1] = process.argv.slice(2).map(Number)
const percent = (part: number, all: number): string => `${all ? ((100 * part) / all).toFixed(2) : '-'} %`
console.log(`${count} thefts of each kind of loot, and ${walks} honest walks, from seed ${seed}`)
console.log(
  'stolen   schedule   noticed at the next use  missed  got nothing  thief served p50/p99  by the owner’s second use',
)
const startedAt = performance.now()
const { events, figures, honest } = await runThefts(count, walks, seed, (each) => {
  const { loot, schedule, noticed, missed, nothing, p50, p99, bySecondUse } = each
  console.log(
    [
      loot.padEnd(8),
      schedule.padEnd(10),
      percent(noticed, noticed + missed).padEnd(24),
      String(missed).padEnd(7),
      String(nothing).padEnd(12),
      `${p50}/${p99}`.padEnd(21),
      percent(bySecondUse, noticed),
    ].join(' '),
  )
})
const noticed = figures.reduce((sum, each) => sum + each.noticed, 0)
const missed = figures.reduce((sum, each) => sum + each.missed, 0)
console.log(`${noticed} thefts noticed, ${events} events in the audit trail`)
console.log(`${honest.walks} honest walks: ${honest.alarms} false alarms`)
console.log(`${Math.round((performance.now() - startedAt) / 1000)} s`)
if (missed || honest.alarms || events !== noticed) process.exitCode = 1
