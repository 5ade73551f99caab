// `pnpm rig [app …] [--expiries 1000]`: builds an app, starts three instances behind a front that loses cookies, delays and
// reverses answers, kills instances and has a shared cache, and lets people use it while their tokens expire.
import { parseArgs } from 'node:util'
import { chooseSeed, randomOf } from '../../../e2e/src/random.ts'
import { build } from '../build.ts'
import { report } from './report.ts'
import { ride } from './ride.ts'
import { subjects } from './subjects.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { expiries: { type: 'string', default: '40' }, built: { type: 'boolean', default: false } },
})

const names = positionals.length > 0 ? positionals : Object.keys(subjects)
for (const name of names) {
  const subject = subjects[name]
  if (!subject) throw new Error(`There is no app «${name}»: choose ${Object.keys(subjects).join(', ')}.`)
  if (!values.built) await build(subject)
  const seed = chooseSeed()
  if (!report(await ride(subject, Number(values.expiries), randomOf(seed)))) process.exitCode = 1
}
// A killed instance may be starting.
process.exit()
