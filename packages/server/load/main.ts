// Measures a server process under load, and fails if a figure is too bad.
// `pnpm load [seconds] [live sessions] [--floor]`: refreshes as fast as they are answered. `--floor`: by a server that does only the necessary work.
// `pnpm load --collect [seconds] [sessions]`: refreshes at a fixed rate, without other work and during housekeeping.
// `pnpm load --flood [seconds]`: refreshes while a stranger floods one route after the other.
import { parseArgs } from 'node:util'
import { collect } from './collect.ts'
import { flood } from './flood.ts'
import { throughput } from './throughput.ts'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    floor: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    collect: { type: 'boolean', default: false },
    flood: { type: 'boolean', default: false },
  },
})
const [seconds, sessions] = positionals.map(Number)
const { floor, profile } = values
let failure: string | undefined
if (values.flood) failure = await flood(seconds ?? 2)
else if (values.collect) failure = await collect(sessions ?? 100_000, seconds ?? 5)
else failure = await throughput({ seconds: seconds ?? 60, live: sessions ?? 10_000, floor, profile })
if (failure) {
  console.error(failure)
  process.exitCode = 1
}
