// Prepares and starts the samples and their session server. The data stays in .tokenkeep/.
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { assertFree, portOf } from '../lib/ports.mjs'
import { keep } from '../lib/processes.mjs'
import { read, root } from '../lib/tool.mjs'

/** The folder of the demo's data. */
export const STORE = '.tokenkeep'
const LOG = join(STORE, 'server.log')

/** The samples, in the order of their ports. They belong to one app. */
const samples = [
  { name: 'React', folder: 'apps/samples/react' },
  { name: 'Vue', folder: 'apps/samples/vue' },
  { name: 'Angular', folder: 'apps/samples/angular' },
]

/** Returns the addresses of the session server and the samples. Throws if a port is in use. */
export const places = async () => {
  const port = portOf('PORT', 4000)
  const firstPort = portOf('SAMPLE_PORT', 5173)
  const pages = samples.map((sample, index) => {
    const samplePort = firstPort + index
    return { ...sample, port: samplePort, url: `http://localhost:${samplePort}` }
  })
  await assertFree('PORT', port)
  for (const page of pages) await assertFree('SAMPLE_PORT', page.port)
  return { port, server: `http://localhost:${port}`, pages }
}

/** Creates or updates the app, and returns its API key. `tokenkeep`: the arguments with which Node runs the command `tokenkeep`. */
export const seed = async (tokenkeep, pages) => {
  const [origin, ...others] = pages.map(({ url }) => url)
  mkdirSync(join(root, STORE), { recursive: true, mode: 0o700 })
  const cli = (...args) => read('node', [...tokenkeep, ...args, '--store', STORE])
  const names = ['--id', 'demo', '--name', 'Tokenkeep demo']
  const addresses = ['--auth-origin', origin, '--additional-origin', ...others, '--redirect-url', origin]
  // The tokens live 20 seconds, so that a user sees some refreshes within a minute.
  const lifetimes = ['--auth-token-lifetime', '20', '--absolute', '86400', '--inactivity', '3600']
  await cli(
    'apps',
    'create',
    '--replace',
    ...names,
    ...addresses,
    '--public-signup',
    '--refresh',
    ...lifetimes,
  )
  const file = join(root, STORE, 'demo.json')
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')).apiKey
  const apiKey = await cli('api-keys', 'create', '--app', 'demo')
  writeFileSync(file, `${JSON.stringify({ apiKey })}\n`, { mode: 0o600 })
  return apiKey
}

/**
 * Keeps the session server running. Returns a function that stops it on purpose, and one that returns the link for the first
 * admin, if the server has printed one.
 */
export const keepSessionServer = (tokenkeep, ...args) => {
  const log = openSync(join(root, LOG), 'a', 0o600)
  const { child, stop } = keep('session server', [...tokenkeep, 'serve', '--store', STORE, ...args], {
    stdio: ['ignore', log, 'pipe'],
  })
  closeSync(log)
  let firstAdmin
  createInterface({ input: child.stderr }).on('line', (line) => {
    const link = /^First admin: (.+)$/.exec(line)?.[1]
    if (link) firstAdmin = link
    else console.error(line)
  })
  return { stop, firstAdmin: () => firstAdmin }
}

/** The last line that a person sees: the way into the Console. */
export const showWayIn = (server, firstAdmin) =>
  console.log(
    firstAdmin
      ? `Become the first admin of the Console: ${firstAdmin}`
      : `Sign in to the Console with your passkey: ${server}/console/`,
  )

/** Keeps a sample's backend running. */
export const keepSample = (name, node, { server, apiKey, port, pages }) =>
  keep(name, [...node, join('apps', 'samples', 'shared', 'backend', 'main.ts')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      SAMPLE_PAGES: pages,
      TOKENKEEP_URL: server,
      TOKENKEEP_APP_ID: 'demo',
      TOKENKEEP_API_KEY: apiKey,
      SAMPLE_PORT: String(port),
    },
  })

/** Prints the addresses. */
export const show = (pages, server) => {
  const rows = [
    ...pages.map(({ name, url }) => [`${name} sample`, url]),
    ['Console', `${server}/console/`],
    ['Session server', server, `writes its log to ${LOG}`],
  ]
  for (const [name, url, note = ''] of rows)
    console.log(`${name.padEnd(16)}${url.padEnd(32)}${note}`.trimEnd())
}
