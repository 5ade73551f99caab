// `npm start`: the session server and the three samples, ready to try. The data stays in .tokenkeep/.
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { answers, assertFree, portOf } from './ports.mjs'
import { during } from './progress.mjs'
import { read, root, start } from './tool.mjs'

const STORE = '.tokenkeep'
const SERVER = join('packages', 'server', 'dist', 'main.js')

/** The samples, in the order of their ports: pages of one app. */
const samples = [
  { name: 'React', folder: 'react-sample' },
  { name: 'Vue', folder: 'vue-sample' },
  { name: 'Angular', folder: 'angular-sample' },
]

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

/** Creates the demo app, or brings it up to date, and returns its API key. */
const seed = async ([origin, ...others]) => {
  const names = ['--id', 'demo', '--name', 'Tokenkeep demo']
  const addresses = ['--auth-origin', origin, '--additional-origin', ...others, '--redirect-url', origin]
  // Short-lived tokens, so that a minute of watching shows some refreshes.
  const lifetimes = ['--auth-token-lifetime', '20', '--absolute', '86400', '--inactivity', '3600']
  await cli('apps', 'create', '--replace', ...names, ...addresses, '--refresh', ...lifetimes)
  const file = join(root, STORE, 'demo.json')
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')).apiKey
  const apiKey = await cli('api-keys', 'create', '--app', 'demo')
  writeFileSync(file, `${JSON.stringify({ apiKey })}\n`, { mode: 0o600 })
  return apiKey
}

const build = () => {
  const wanted = ['server', ...samples.map(({ folder }) => folder)]
  const filters = wanted.map((name) => `--filter=@tokenkeep/${name}`)
  return read('turbo', ['run', 'build', ...filters, '--output-logs=errors-only'])
}

const main = async () => {
  const port = portOf('PORT', 4000)
  const firstPort = portOf('SAMPLE_PORT', 5173)
  const server = `http://localhost:${port}`
  const pages = samples.map((sample, index) => {
    const samplePort = firstPort + index
    return { ...sample, port: samplePort, url: `http://localhost:${samplePort}` }
  })
  await assertFree('PORT', port)
  for (const page of pages) await assertFree('SAMPLE_PORT', page.port)

  await during('Building…', build)
  mkdirSync(join(root, STORE), { recursive: true, mode: 0o700 })
  const log = openSync(join(root, STORE, 'server.log'), 'a', 0o600)
  await during('Starting…', async () => {
    const apiKey = await seed(pages.map(({ url }) => url))
    keep('session server', [SERVER, 'serve', '--store', STORE, '--port', String(port)], {
      stdio: ['ignore', log, 'inherit'],
    })
    closeSync(log)
    for (const page of pages) {
      keep(`${page.name} sample`, [join('apps', 'sample', 'backend', 'main.ts')], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: {
          SAMPLE_PAGES: join('apps', page.folder, 'dist'),
          TOKENKEEP_URL: server,
          TOKENKEEP_APP_ID: 'demo',
          TOKENKEEP_API_KEY: apiKey,
          SAMPLE_PORT: String(page.port),
        },
      })
    }
    const urls = [`${server}/readyz`, ...pages.map(({ url }) => `${url}/`)]
    await Promise.all(urls.map((url) => answers(url, 30, stopping.signal)))
  })
  if (stopping.signal.aborted) return
  const rows = [
    ...pages.map(({ name, url }) => [`${name} sample`, url]),
    ['Session server', server, `log in ${join(STORE, 'server.log')}`],
  ]
  for (const [name, url, note = ''] of rows)
    console.log(`${name.padEnd(16)}${url.padEnd(24)}${note}`.trimEnd())
  console.log('\nThe same page in each framework, over one session server. Ctrl-C stops everything.')
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop(0))
main().catch(fail)
