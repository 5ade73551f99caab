// Finds the browsers of the tests. As root on Debian it installs what is missing.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'

const known = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

const runs = (path) => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const aptGet = (...args) =>
  spawnSync('apt-get', args, {
    // apt-get prints to standard error, because the caller uses standard output.
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }).status === 0

const install = (name) =>
  process.getuid?.() === 0 &&
  existsSync('/etc/debian_version') &&
  aptGet('update') &&
  aptGet('install', '-y', '--no-install-recommends', name)

/** Returns the path of a Chromium. If there is none, throws an error that says what to do. */
export const findChromium = () => {
  const asked = process.env.CHROMIUM_PATH
  if (asked) {
    if (runs(asked)) return asked
    throw new Error(`CHROMIUM_PATH is ${asked}, which is not a program: set it to the path of a Chromium`)
  }
  const found = known.find(runs) ?? (install('chromium') ? known.find(runs) : undefined)
  if (found) return found
  throw new Error('Found no Chromium: install chromium or google-chrome, or set CHROMIUM_PATH to its path')
}

const shell = '/usr/bin/chromium-headless-shell'

/**
 * Returns the path of a Chromium without a window, which needs half of the processor time. Without one, and if CHROMIUM_PATH names
 * the browser to test, returns the path of that Chromium.
 */
export const findHeadlessShell = () => {
  const chromium = findChromium()
  if (process.env.CHROMIUM_PATH) return chromium
  return runs(shell) || (install('chromium-headless-shell') && runs(shell)) ? shell : chromium
}
