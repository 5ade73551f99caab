// `npm test`: runs every check, stage by stage, and prints one line of counts at the end.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findChromium } from '../lib/browser.mjs'
import { countsOf } from './counts.mjs'
import { root, run } from '../lib/tool.mjs'

const reports = mkdtempSync(join(tmpdir(), 'tokenkeep-verify-'))
const total = { passed: 0, failed: 0, skipped: 0 }
const failures = []

/** Runs a stage, even if an earlier one failed. `work` resolves with true, false or counts. */
const stage = async (name, work) => {
  console.log(`\n── ${name}`)
  const since = performance.now()
  const result = await work().catch((error) => {
    console.error(error.message)
    return false
  })
  const counts = typeof result === 'object' ? result : { passed: +result, failed: +!result, skipped: 0 }
  for (const key of Object.keys(total)) total[key] += counts[key]
  if (counts.failed > 0) failures.push(name)
  const seconds = ((performance.now() - since) / 1_000).toFixed(1)
  console.log(`${counts.failed > 0 ? '✗' : '✓'} ${name} (${seconds} s)`)
  return counts.failed === 0
}

const unitTests = async () => {
  const report = join(reports, 'vitest.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile=${report}`]
  return countsOf('vitest', report, await run('vitest', ['run', ...reporters]))
}

const endToEnd = async () => {
  const report = join(reports, 'playwright.json')
  const cwd = join(root, 'apps', 'checks', 'e2e')
  // One example of each kind, and no traces. `pnpm e2e` runs all.
  const env = { CHROMIUM_PATH: findChromium(), PLAYWRIGHT_JSON_OUTPUT_FILE: report, E2E: 'brief' }
  const playwright = join(cwd, 'node_modules', '.bin', 'playwright')
  const ok = await run(playwright, ['test', '--reporter=list,json'], { cwd, env })
  return countsOf('playwright', report, ok)
}

/** Checks that generated parts of the documents are current, and that the documents are complete. */
const generated = async () => {
  const script = (name) => run('node', ['--conditions=source', `scripts/docs/${name}.ts`, '--check'])
  return (
    (await script('diagram')) &&
    (await script('configuration')) &&
    (await script('check-documented')) &&
    (await script('check-commands')) &&
    script('check-trips')
  )
}

await stage('format', () => run('oxfmt', ['--check']))
await stage('lint', () => run('oxlint', []))
await stage('unused', () => run('knip', ['--no-progress']))
await stage(
  'manifests',
  async () => (await run('sherif', [])) && run('changeset', ['status', '--since=HEAD']),
)
await stage('types', () => run('turbo', ['run', 'typecheck', '--output-logs=new-only']))
await stage('generated', generated)
await stage('public interface', () => run('node', ['apps/docs/checks/api.ts', '--check']))
await stage('examples', () => run('node', ['scripts/docs/examples.mjs']))
await stage('recipes', () => run('node', ['scripts/docs/recipes.mjs']))
await stage('unit tests', unitTests)
const built = await stage('build', () => run('turbo', ['run', 'build', '--output-logs=new-only']))
await stage('size', () => run('node', ['scripts/measure/size.mjs']))
await stage('adapters', () => run('node', ['scripts/measure/adapter-size.mjs']))
await stage('docs', () => run('node', ['scripts/docs/docs.mjs']))
await stage('deploy', () => run('node', ['scripts/verify/lint-deploy.mjs']))
await stage('packed', () => run('node', ['scripts/release/packed.mjs']))
await stage('end to end', async () => {
  if (built) return endToEnd()
  console.error('not run: the build failed')
  return false
})

rmSync(reports, { recursive: true, force: true })
if (failures.length > 0) console.log(`\nfailed: ${failures.join(', ')}`)
const { passed, failed, skipped } = total
console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed > 0 ? 1 : 0
