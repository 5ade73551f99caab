// `pnpm rig [app …] [--expiries 1000]`: builds an app, starts three instances behind a front that loses cookies, delays and
// reverses answers, kills instances and has a shared cache, and lets people use it while their tokens expire.
// `--compare`: tries Next with other libraries too, and writes the table of docs/server-rendering.md.
import { parseArgs } from 'node:util'
import { chooseSeed, randomOf } from '../../../e2e/src/random.ts'
import { build } from '../build.ts'
import { report } from './report.ts'
import { ride, type Result } from './ride.ts'
import { peers, subjects } from './subjects.ts'
import { writeTable } from './table.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    expiries: { type: 'string', default: '40' },
    built: { type: 'boolean', default: false },
    compare: { type: 'boolean', default: false },
  },
})

const all = { ...subjects, ...peers }
const chosen = values.compare ? ['next', ...Object.keys(peers)] : Object.keys(subjects)
const names = positionals.length > 0 ? positionals : chosen
const seed = chooseSeed()
const results: Result[] = []
/** The peers are one app. What it reads at its start chooses the library. */
let arePeersBuilt = values.built
for (const name of names) {
  const subject = all[name]
  if (!subject) throw new Error(`There is no app «${name}»: choose ${Object.keys(all).join(', ')}.`)
  const isPeer = name in peers
  if (isPeer ? !arePeersBuilt : !values.built) await build(subject)
  arePeersBuilt ||= isPeer
  const result = await ride(subject, Number(values.expiries), randomOf(seed))
  results.push(result)
  // A peer is measured. It proves nothing about this project.
  if (!report(result) && !isPeer) process.exitCode = 1
}
if (values.compare) writeTable(results)
// A killed instance may be starting.
process.exit()
