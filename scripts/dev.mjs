// `pnpm dev`: the demo from the sources of every package, at the demo's addresses. What is edited shows, without a build.
import { join } from 'node:path'
import { createLogger, createServer, defaultClientConditions } from 'vite'
import { keepSample, keepSessionServer, seed, show } from './demo-app.mjs'
import { answers, assertFree, freePort, portOf } from './ports.mjs'
import { ended, fail } from './processes.mjs'
import { during } from './progress.mjs'
import { root } from './tool.mjs'

const fromSource = ['--conditions=source']
const watched = ['--watch', '--watch-preserve-output', ...fromSource]
const tokenkeep = join('packages', 'server', 'src', 'main.ts')

const logger = createLogger('warn')
/** A server that starts again, or cannot, says so itself. */
const customLogger = {
  ...logger,
  error: (text, options) => text.includes('proxy error') || logger.error(text, options),
}

/** Serves an app's pages, which reload themselves, and hands the rest to who answers it. */
const serve = async (app, port, proxy) => {
  const vite = await createServer({
    root: join(root, 'apps', app),
    customLogger,
    resolve: { conditions: ['source', ...defaultClientConditions] },
    server: { host: 'localhost', port, strictPort: true, proxy },
  })
  await vite.listen()
}

const main = async () => {
  const port = portOf('PORT', 4000)
  const firstPort = portOf('SAMPLE_PORT', 5173)
  const server = `http://localhost:${port}`
  const pages = ['React', 'Vue'].map((name, index) => {
    const samplePort = firstPort + index
    return { name, port: samplePort, url: `http://localhost:${samplePort}` }
  })
  await assertFree('PORT', port)
  for (const page of pages) await assertFree('SAMPLE_PORT', page.port)

  await during('Starting…', async () => {
    const apiKey = await seed(
      [...fromSource, tokenkeep],
      pages.map(({ url }) => url),
    )
    // The pages stand before the servers: one address for both, which the passkeys and the tokens' issuer are bound to.
    const behind = await freePort()
    await serve('console', port, { '^/(?!console/)': `http://localhost:${behind}` })
    const address = ['--port', String(behind), '--base-url', server]
    keepSessionServer([...watched, tokenkeep], ...address, '--drain-timeout', '0')

    const api = await freePort()
    const toApi = `http://localhost:${api}`
    const proxy = { '/api/': toApi, '/config.json': toApi, '/session': toApi }
    for (const { name, port: samplePort } of pages)
      await serve(`${name.toLowerCase()}-sample`, samplePort, proxy)
    keepSample('backend of the samples', watched, {
      server,
      apiKey,
      port: api,
      pages: join('apps', 'sample', 'public'),
    })

    const urls = [
      `http://localhost:${behind}/readyz`,
      `${toApi}/config.json`,
      ...pages.map(({ url }) => `${url}/`),
    ]
    await Promise.all(urls.map((url) => answers(url, 30, ended)))
  })
  if (ended.aborted) return
  show(pages, server)
  console.log('\nEdit any package, the Console or a sample: it shows here. Ctrl-C stops everything.')
}

main().catch(fail)
