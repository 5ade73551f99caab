// `npm start`: the session server and the React sample, ready to try. The data stays in .tokenkeep/.
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { answers, assertFree, portOf } from './ports.mjs'
import { during } from './progress.mjs'
import { read, root, start } from './tool.mjs'

const STORE = '.tokenkeep'
const SERVER = join('packages', 'server', 'dist', 'main.js')

const children = new Set()
const stopping = new AbortController()

/** Ends with everything that was started. The first call decides the exit code. */
const stop = async (code) => {
  if (stopping.signal.aborted) return
  stopping.abort()
  process.exitCode = code
  const hard = setTimeout(() => children.forEach((child) => child.kill('SIGKILL')), 5_000)
  hard.unref()
  await Promise.all(
    [...children].map((child) => {
      child.kill('SIGTERM')
      return new Promise((resolve) => child.once('exit', resolve))
    }),
  )
  process.exit(code)
}

const fail = (error) => {
  if (stopping.signal.aborted) return
  console.error(error.message)
  void stop(1)
}

const keep = (name, args, options) => {
  // A group of its own: Ctrl-C is for this process, which then stops its children in order.
  const child = start('node', args, { detached: true, ...options })
  children.add(child)
  child.on('error', fail)
  child.on('exit', (code, signal) => {
    children.delete(child)
    fail(new Error(`The ${name} has stopped by itself (${signal ?? `exit code ${code}`})`))
  })
}

const cli = (...args) => read('node', [SERVER, ...args, '--store', STORE])

const seed = async (origin) => {
  mkdirSync(join(root, STORE), { recursive: true, mode: 0o700 })
  const names = ['--id', 'demo', '--name', 'Tokenkeep demo']
  const addresses = ['--auth-origin', origin, '--redirect-url', origin]
  // Short-lived tokens, so that a minute of watching shows some refreshes.
  const lifetimes = [
    '--refresh',
    '--auth-token-lifetime',
    '20',
    '--absolute',
    '86400',
    '--inactivity',
    '3600',
  ]
  await cli('apps', 'create', '--replace', ...names, ...addresses, ...lifetimes)
  const file = join(root, STORE, 'demo.json')
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')).apiKey
  const apiKey = await cli('api-keys', 'create', '--app', 'demo')
  writeFileSync(file, `${JSON.stringify({ apiKey })}\n`, { mode: 0o600 })
  return apiKey
}

const main = async () => {
  const port = portOf('PORT', 4000)
  const samplePort = portOf('SAMPLE_PORT', 5173)
  const server = `http://localhost:${port}`
  const sample = `http://localhost:${samplePort}`
  await assertFree('PORT', port)
  await assertFree('SAMPLE_PORT', samplePort)

  await during('Building…', () => read('turbo', ['run', 'build', '--output-logs=errors-only']))
  const apiKey = await during('Preparing the demo app…', () => seed(sample))

  const log = openSync(join(root, STORE, 'server.log'), 'a', 0o600)
  keep('session server', [SERVER, 'serve', '--store', STORE, '--port', String(port)], {
    stdio: ['ignore', log, 'inherit'],
  })
  closeSync(log)
  keep('React sample', [join('apps', 'sample', 'backend', 'main.ts')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      SAMPLE_PAGES: join('apps', 'react-sample', 'dist'),
      TOKENKEEP_URL: server,
      TOKENKEEP_APP_ID: 'demo',
      TOKENKEEP_API_KEY: apiKey,
      SAMPLE_PORT: String(samplePort),
    },
  })

  await during('Starting…', async () => {
    await answers(`${server}/readyz`, 30, stopping.signal)
    await answers(`${sample}/`, 30, stopping.signal)
  })
  if (stopping.signal.aborted) return
  console.log(`React sample    ${sample}`)
  console.log(`Session server  ${server}  (log: ${join(STORE, 'server.log')})`)
  console.log('Ctrl-C stops both.')
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop(0))
main().catch(fail)
