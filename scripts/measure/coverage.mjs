// `pnpm coverage [PROJECT…]`: measures how much of the sources the packages' tests run. It leaves out the tests of apps/samples
// and apps/checks, which would hide lines that no package's own test runs, and the test of the model explorer, which
// repeats the same lines for minutes.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root, run } from '../lib/tool.mjs'

const all = 'angular backend console core elements passage protocol react server testing vue'.split(' ')
const asked = process.argv.slice(2)
const projects = (asked.length > 0 ? asked : all).map((name) => `--project=${name}`)

const percent = ({ covered, total }) => `${((100 * covered) / Math.max(total, 1)).toFixed(1)} %`
const sumOf = (files, kind) => ({
  covered: files.reduce((sum, file) => sum + file[kind].covered, 0),
  total: files.reduce((sum, file) => sum + file[kind].total, 0),
})

/** Returns a Markdown table with a row per package and the total. */
const tableOf = ({ total, ...files }) => {
  const packages = Object.groupBy(Object.keys(files), (path) => relative(root, path).split('/')[1])
  const rows = [
    ...Object.entries(packages).map(([name, paths]) => [name, paths.map((path) => files[path])]),
    ['total', [total]],
  ].map(([name, counts]) => [name, percent(sumOf(counts, 'lines')), percent(sumOf(counts, 'branches'))])
  return [['coverage', 'lines', 'branches'], ['---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.padEnd(9)).join(' | ')} |`)
    .join('\n')
}

const folder = join(root, 'coverage')
rmSync(folder, { recursive: true, force: true })
const passed = await run('vitest', ['run', '--coverage', ...projects, '--exclude=**/model/explore.test.ts'])
const summary = join(folder, 'coverage-summary.json')
if (existsSync(summary)) {
  const table = tableOf(JSON.parse(readFileSync(summary, 'utf8')))
  writeFileSync(join(folder, 'summary.md'), `${table}\n`)
  console.log(`\n${table}`)
}
process.exitCode = passed && existsSync(summary) ? 0 : 1
