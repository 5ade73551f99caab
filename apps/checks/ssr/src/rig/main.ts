// `pnpm rig [app …] [--expiries 1000]`: builds an app, starts three instances behind a front that loses cookies, delays and
// reverses answers, kills instances and has a shared cache, and lets people use it while their tokens expire.
import { execFile } from 'node:child_process'
import { parseArgs, promisify } from 'node:util'
import { chooseSeed, randomOf } from '../../../e2e/src/random.ts'
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
  const env = {
    ...process.env,
    NODE_ENV: 'production' as const,
    NEXT_TELEMETRY_DISABLED: '1',
    NUXT_TELEMETRY_DISABLED: '1',
  }
  if (!values.built) {
    console.log(`Building ${subject.name}…`)
    await promisify(execFile)(process.execPath, subject.build, { cwd: subject.folder, env })
  }
  const seed = chooseSeed()
  if (!report(await ride(subject, Number(values.expiries), randomOf(seed)))) process.exitCode = 1
}
// A killed instance may be starting.
process.exit()
