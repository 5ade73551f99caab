// `pnpm soak`: runs longer browser tests, also in other browser engines. As root, it installs missing engines.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findChromium } from '../lib/browser.mjs'
import { root, run } from '../lib/tool.mjs'

const engines = ['/usr/bin/firefox-esr', '/usr/bin/WebKitWebDriver', '/usr/bin/xvfb-run']
if (!engines.every((path) => existsSync(path))) {
  const packages = ['firefox-esr', 'webkit2gtk-driver', 'xvfb', 'xauth']
  const installed =
    process.getuid?.() === 0 &&
    (await run('apt-get', ['update'])) &&
    (await run('apt-get', ['install', '-y', '--no-install-recommends', ...packages]))
  if (!installed) {
    console.error(`The other browser engines are missing. Run as root: apt-get install ${packages.join(' ')}`)
    process.exit(1)
  }
}
const cwd = join(root, 'apps', 'checks', 'e2e')
const built = await run('turbo', ['run', 'build', '--output-logs=errors-only'])
const playwright = join(cwd, 'node_modules', '.bin', 'playwright')
const env = { CHROMIUM_PATH: findChromium() }
const passed = built && (await run(playwright, ['test', '-c', 'soak.config.ts'], { cwd, env }))
process.exitCode = passed ? 0 : 1
