// `pnpm bench [NAME…]`: builds and measures. See docs/performance.md.
import { findChromium } from '../lib/browser.mjs'
import { run } from '../lib/tool.mjs'

const began = Date.now()
const built = await run('turbo', [
  'run',
  'build',
  '--filter=@tokenkeep/bench^...',
  '--output-logs=errors-only',
])
const env = { CHROMIUM_PATH: findChromium(), BENCH_BEGAN: String(began) }
const args = ['apps/checks/bench/src/main.ts', ...process.argv.slice(2)]
process.exitCode = built && (await run('node', args, { env })) ? 0 : 1
