// `npm start`: starts the session server and the samples. The data stays in .tokenkeep/. `npm start -- --ssr`: also the samples
// that a server renders.
import { join } from 'node:path'
import {
  keepRenderedSample,
  keepSample,
  keepSessionServer,
  places,
  seed,
  serverSecrets,
  show,
  showWayIn,
} from './demo-app.mjs'
import { waitUntilReady } from '../lib/ports.mjs'
import { ended, fail } from '../lib/processes.mjs'
import { readOptions } from './options.mjs'
import { buildArguments, duringBuild } from './rendered-samples.ts'
import { switchByKey } from './switch-by-key.mjs'
import { during } from '../lib/progress.mjs'
import { read } from '../lib/tool.mjs'

const tokenkeep = [join('packages', 'server', 'dist', 'main.js')]

const build = (pages) => {
  const filters = ['packages/server', ...pages.map(({ folder }) => folder)].map(
    (path) => `--filter=./${path}`,
  )
  return read('turbo', ['run', 'build', ...filters, '--output-logs=errors-only'])
}

const main = async () => {
  const { ssr } = readOptions(process.argv.slice(2))
  const { port, server, pages, rendered } = await places({ ssr })

  await during('Building…', () => build(pages))
  // One after the other: each of these builds needs all cores.
  for (const sample of rendered)
    await during(`Building the ${sample.name} sample, the first time for a minute…`, () =>
      read('turbo', buildArguments(sample), { env: duringBuild }),
    )
  const startServer = () => keepSessionServer(tokenkeep, '--port', String(port))
  let sessionServer
  await during('Starting…', async () => {
    const apiKey = await seed(tokenkeep, pages)
    const secrets = rendered.length > 0 && (await serverSecrets(tokenkeep))
    sessionServer = startServer()
    for (const page of pages)
      keepSample(`${page.name} sample`, [], {
        server,
        apiKey,
        port: page.port,
        pages: join(page.folder, 'dist'),
      })
    for (const sample of rendered) keepRenderedSample(sample, { server, apiKey, ...secrets })
    const urls = [`${server}/readyz`, ...[...pages, ...rendered].map(({ url }) => `${url}/`)]
    await Promise.all(urls.map((url) => waitUntilReady(url, 120, ended)))
  })
  if (ended.aborted) return
  show([...pages, ...rendered], server)
  console.log(
    '\nEach sample is the same page in another framework. All use the same session server. Ctrl-C stops everything.',
  )
  switchByKey('s', 'session server', () => startServer().stop, sessionServer.stop)
  showWayIn(server, sessionServer.firstAdmin())
}

main().catch(fail)
