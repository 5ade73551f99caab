// `pnpm dev`: starts the demo from the sources of every package, at the demo's addresses. An edit takes effect without a build.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLogger, createServer, defaultClientConditions } from 'vite'
import { keepSample, keepSessionServer, places, seed, show, showWayIn, STORE } from './demo-app.mjs'
import { freePort } from '../lib/free-port.ts'
import { waitUntilReady } from '../lib/ports.mjs'
import { ended, fail, keep } from '../lib/processes.mjs'
import { during } from '../lib/progress.mjs'
import { root } from '../lib/tool.mjs'

const fromSource = ['--conditions=source']
const watched = ['--watch', '--watch-preserve-output', ...fromSource]
const tokenkeep = join('packages', 'server', 'src', 'main.ts')

const logger = createLogger('warn')
/** Leaves proxy errors out: a server that restarts or cannot start prints its own message. */
const customLogger = {
  ...logger,
  error: (text, options) => text.includes('proxy error') || logger.error(text, options),
}

/** Serves an app's pages with hot reload. `proxy` says where Vite forwards the other requests. */
const serveByVite = async (folder, port, proxy) => {
  const vite = await createServer({
    root: join(root, folder),
    customLogger,
    resolve: { conditions: ['source', ...defaultClientConditions] },
    server: { host: 'localhost', port, strictPort: true, proxy },
  })
  await vite.listen()
}

/** Does the same for an Angular app, which needs Angular's own server. */
const serveByAngular = (folder, port, proxy) => {
  const file = join(root, STORE, 'angular-proxy.json')
  writeFileSync(file, JSON.stringify(proxy))
  keep(
    `server of ${folder}`,
    [join('node_modules', '@angular', 'cli', 'bin', 'ng.js'), 'serve', '--proxy-config', file],
    {
      cwd: join(root, folder),
      stdio: ['ignore', 'ignore', 'inherit'],
      // Angular prefers PORT to its options, and the caller's PORT is meant for the session server.
      env: { PORT: String(port) },
    },
  )
}

const serve = { React: serveByVite, Vue: serveByVite, Angular: serveByAngular }

const main = async () => {
  const { port, server, pages } = await places()
  let sessionServer
  await during('Starting…', async () => {
    const apiKey = await seed([...fromSource, tokenkeep], pages)
    // Vite serves the Console and proxies to the server, so that both have one address. Passkeys and the tokens' issuer need that.
    const serverPort = await freePort()
    await serveByVite('apps/console', port, { '^/(?!console/)': `http://localhost:${serverPort}` })
    const address = ['--port', String(serverPort), '--base-url', server]
    sessionServer = keepSessionServer([...watched, tokenkeep], ...address, '--drain-timeout', '0')

    const api = await freePort()
    const toApi = `http://localhost:${api}`
    const proxy = { '/api/': toApi, '/config.json': toApi, '/session': toApi }
    for (const page of pages) await serve[page.name](page.folder, page.port, proxy)
    keepSample('backend of the samples', watched, {
      server,
      apiKey,
      port: api,
      pages: join('apps', 'samples', 'shared', 'public'),
    })

    const urls = [
      `http://localhost:${serverPort}/readyz`,
      `${toApi}/config.json`,
      ...pages.map(({ url }) => `${url}/`),
    ]
    await Promise.all(urls.map((url) => waitUntilReady(url, 30, ended)))
  })
  if (ended.aborted) return
  show(pages, server)
  console.log(
    '\nEdit any package, the Console or a sample: the change takes effect at once. Ctrl-C stops everything.',
  )
  showWayIn(server, sessionServer.firstAdmin())
}

main().catch(fail)
