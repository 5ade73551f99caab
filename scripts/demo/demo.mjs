// `npm start`: starts the session server and the three samples. The data stays in .tokenkeep/.
import { join } from 'node:path'
import { keepSample, keepSessionServer, places, seed, show, showWayIn } from './demo-app.mjs'
import { waitUntilReady } from '../lib/ports.mjs'
import { ended, fail } from '../lib/processes.mjs'
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
  const { port, server, pages } = await places()

  await during('Building…', () => build(pages))
  const startServer = () => keepSessionServer(tokenkeep, '--port', String(port))
  let sessionServer
  await during('Starting…', async () => {
    const apiKey = await seed(tokenkeep, pages)
    sessionServer = startServer()
    for (const page of pages)
      keepSample(`${page.name} sample`, [], {
        server,
        apiKey,
        port: page.port,
        pages: join(page.folder, 'dist'),
      })
    const urls = [`${server}/readyz`, ...pages.map(({ url }) => `${url}/`)]
    await Promise.all(urls.map((url) => waitUntilReady(url, 120, ended)))
  })
  if (ended.aborted) return
  show(pages, server)
  console.log(
    '\nEach sample is the same page in another framework. All use the same session server. Ctrl-C stops everything.',
  )
  switchByKey('s', 'session server', () => startServer().stop, sessionServer.stop)
  showWayIn(server, sessionServer.firstAdmin())
}

main().catch(fail)
