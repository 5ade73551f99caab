// Prepares and starts the samples and their session server. The data stays in .tokenkeep/.
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { assertFree, portOf } from '../lib/ports.mjs'
import { keep } from '../lib/processes.mjs'
import { read, root } from '../lib/tool.mjs'
import { environmentOf, renderedSamples } from './rendered-samples.ts'

/** The folder of the demo's data. */
export const STORE = '.tokenkeep'
const LOG = join(STORE, 'server.log')

/** The samples, in the order of their ports. They belong to one app. */
const samples = [
  { name: 'React', folder: 'apps/samples/react' },
  { name: 'Vue', folder: 'apps/samples/vue' },
  { name: 'Angular', folder: 'apps/samples/angular' },
]

/**
 * Returns the addresses of the session server and the samples. Throws if a port is in use. `ssr`: also those of the samples
 * that a server renders.
 */
export const places = async ({ ssr = false } = {}) => {
  const port = portOf('PORT', 4000)
  const firstPort = portOf('SAMPLE_PORT', 5173)
  const placed = [...samples, ...(ssr ? renderedSamples : [])].map((sample, index) => {
    const samplePort = firstPort + index
    return { ...sample, port: samplePort, url: `http://localhost:${samplePort}` }
  })
  await assertFree('PORT', port)
  for (const page of placed) await assertFree('SAMPLE_PORT', page.port)
  const [pages, rendered] = [placed.slice(0, samples.length), placed.slice(samples.length)]
  return { port, server: `http://localhost:${port}`, pages, rendered }
}

/** Returns a secret of the demo. The first time, it is created and kept. */
const secretOf = async (name, create) => {
  const file = join(root, STORE, 'demo.json')
  const known = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  if (known[name]) return known[name]
  const secret = await create()
  writeFileSync(file, `${JSON.stringify({ ...known, [name]: secret })}\n`, { mode: 0o600 })
  return secret
}

/** Returns a function that runs the command `tokenkeep`. */
const commandOf =
  (tokenkeep) =>
  (...args) =>
    read('node', [...tokenkeep, ...args, '--store', STORE])

/** Creates or updates the app, and returns its API key. `tokenkeep`: the arguments with which Node runs the command `tokenkeep`. */
export const seed = async (tokenkeep, pages) => {
  const [origin, ...others] = pages.map(({ url }) => url)
  mkdirSync(join(root, STORE), { recursive: true, mode: 0o700 })
  const cli = commandOf(tokenkeep)
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
  return secretOf('apiKey', () => cli('api-keys', 'create', '--app', 'demo'))
}

/** Returns what only the server of a server-rendered sample knows. Call it after `seed`. */
export const serverSecrets = async (tokenkeep) => ({
  clientSecret: await secretOf('clientSecret', () =>
    commandOf(tokenkeep)('client-secrets', 'create', '--app', 'demo'),
  ),
  sessionKey: await secretOf('sessionKey', () => randomBytes(32).toString('base64')),
})

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

/** Keeps the server of a server-rendered sample running. */
export const keepRenderedSample = ({ name, folder, serve, url, port }, surroundings) =>
  keep(`${name} sample`, serve, {
    cwd: join(root, folder),
    stdio: ['ignore', 'ignore', 'inherit'],
    env: environmentOf({ url, port, ...surroundings }),
  })

/** Prints the addresses. */
export const show = (pages, server) => {
  const rows = [
    ...pages.map(({ name, url }) => [`${name} sample`, url]),
    ['Console', `${server}/console/`],
    ['Session server', server, `writes its log to ${LOG}`],
  ]
  for (const [name, url, note = ''] of rows)
    console.log(`${name.padEnd(20)}${url.padEnd(32)}${note}`.trimEnd())
}
