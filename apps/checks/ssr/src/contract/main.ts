// `pnpm contract [app …] [--built]`: builds the check apps, and runs the contract suite against them over HTTP.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from '../build.ts'
import { subjects } from '../rig/subjects.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { built: { type: 'boolean', default: false } },
})
const names = positionals.length > 0 ? positionals : Object.keys(subjects)
if (!values.built) for (const name of names) await build(subjects[name]!)
const { status } = spawnSync('vitest', ['run', '--config', 'vitest.check.ts'], {
  cwd: fileURLToPath(new URL('../..', import.meta.url)),
  env: { ...process.env, APPS: names.join(' ') },
  stdio: 'inherit',
})
process.exitCode = status ?? 1
