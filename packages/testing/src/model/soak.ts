// `pnpm simulate [walks] [first seed]`: random walks of three tabs, one per seed. `SEED=7 pnpm simulate` performs the walk of
// that seed only. Default: 1,000,000 walks, from a seed taken from the clock. Prints the first seed, and the seed of a walk
// that finds a violation.
import { combinations, uncovered } from './coverage.ts'
import { simulate } from './simulate.ts'

const { SEED } = process.env
const [walks = SEED ? 1 : 1_000_000, first = Number(SEED ?? Date.now() % 1e9)] = process.argv
  .slice(2)
  .map(Number)
console.log(`${walks} walks of three tabs, from SEED=${first}`)
const coverage = new Set<string>()
const startedAt = performance.now()
for (let seed = first; seed < first + walks; seed++) {
  const found = simulate(seed, { coverage })
  if (!found) continue
  console.error([`SEED=${seed}: ${found.invariant}`, ...found.trace].join('\n  '))
  process.exit(1)
}
const minutes = (performance.now() - startedAt) / 60_000
console.log(`No invariant was violated. ${Math.round(walks / minutes)} walks per minute.`)
const missing = uncovered(coverage)
console.log(
  `The walks met ${combinations.length - missing.length} of ${combinations.length} combinations: a tab's phase with the record and a message on its way, or the phases of two tabs.`,
)
if (missing.length > 0) console.log(['Never met:', ...missing].join('\n  '))
