// `pnpm simulate [walks] [first seed]`: seeded walks of three tabs. Prints how many a minute; a failing one by its seed.
import { combinations, neverMet } from './coverage.ts'
import { simulate } from './simulate.ts'

const [walks = 1_000_000, first = Date.now() % 1e9] = process.argv.slice(2).map(Number)
const coverage = new Set<string>()
const since = performance.now()
for (let seed = first; seed < first + walks; seed++) {
  const found = simulate(seed, { coverage })
  if (!found) continue
  console.error([`seed ${seed}: ${found.invariant}`, ...found.trace].join('\n  '))
  process.exit(1)
}
const minutes = (performance.now() - since) / 60_000
console.log(
  `${walks} walks of three tabs from seed ${first}: no invariant broken; ${Math.round(walks / minutes)} a minute`,
)
const never = neverMet(coverage)
console.log(
  `${combinations.length - never.length} of ${combinations.length} combinations met of a tab's place with the record, with what is on its way, and with another tab's place`,
)
if (never.length > 0) console.log(['never met:', ...never].join('\n  '))
