// `npm test`: runs every check, stage by stage, and prints one line of counts at the end.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findChromium, findHeadlessShell } from '../lib/browser.mjs'
import { countsOf } from './counts.mjs'
import { read, root, run } from '../lib/tool.mjs'

const reports = mkdtempSync(join(tmpdir(), 'tokenkeep-verify-'))
// Tests start many processes. Node.js compiles each module once for all of them.
process.env['NODE_COMPILE_CACHE'] = join(reports, 'compiled')
const total = { passed: 0, failed: 0, skipped: 0 }
const failures = []

/** Runs a stage, even if an earlier one failed. `work` resolves with true, false or counts. */
const stage = async (name, work) => {
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

const script = (file) => ['node', `scripts/${file}`]
const generated = (name) => ['node', '--conditions=source', `scripts/docs/${name}.ts`, '--check']

/**
 * Runs stages that do not depend on each other, two at a time, because most use one core. Each is a name and the commands
 * that must succeed in turn. The output of a stage is shown when the stage has ended.
 */
const sideBySide = async (stages) => {
  const waiting = Object.entries(stages)
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [name, commands] = next
      await stage(name, async () => {
        for (const [command, ...args] of commands) {
          const output = await read(command, args)
          if (output) console.log(output)
        }
        return true
      })
    }
  }
  await Promise.all([work(), work()])
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
  const env = {
    CHROMIUM_PATH: findChromium(),
    HEADLESS_SHELL_PATH: findHeadlessShell(),
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    E2E: 'brief',
  }
  const playwright = join(cwd, 'node_modules', '.bin', 'playwright')
  const ok = await run(playwright, ['test', '--reporter=list,json'], { cwd, env })
  return countsOf('playwright', report, ok)
}

await sideBySide({
  types: [['turbo', 'run', 'typecheck', '--output-logs=new-only']],
  format: [['oxfmt', '--check']],
  lint: [['oxlint']],
  unused: [['knip', '--no-progress']],
  manifests: [['sherif'], ['changeset', 'status', '--since=HEAD']],
  generated: [
    generated('diagram'),
    generated('configuration'),
    generated('check-documented'),
    generated('check-commands'),
    generated('check-trips'),
  ],
  'public interface': [['node', 'apps/docs/checks/api.ts', '--check']],
  examples: [script('docs/examples.mjs')],
  recipes: [script('docs/recipes.mjs')],
})
await stage('unit tests', unitTests)
const built = await stage('build', () => run('turbo', ['run', 'build', '--output-logs=new-only']))
await sideBySide({
  docs: [script('docs/docs.mjs')],
  packed: [script('release/packed.mjs')],
  size: [script('measure/size.mjs')],
  adapters: [script('measure/adapter-size.mjs'), script('measure/oidc-size.mjs')],
  deploy: [script('verify/lint-deploy.mjs')],
})
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
