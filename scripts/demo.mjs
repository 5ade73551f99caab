// `npm start`: the session server and the three samples, ready to try. The data stays in .tokenkeep/.
import { join } from 'node:path'
import { keepSample, keepSessionServer, seed, show } from './demo-app.mjs'
import { answers, assertFree, portOf } from './ports.mjs'
import { ended, fail } from './processes.mjs'
import { during } from './progress.mjs'
import { read } from './tool.mjs'

const tokenkeep = [join('packages', 'server', 'dist', 'main.js')]

/** The samples, in the order of their ports: pages of one app. */
const samples = [
  { name: 'React', folder: 'react-sample' },
  { name: 'Vue', folder: 'vue-sample' },
  { name: 'Angular', folder: 'angular-sample' },
]

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
  await during('Starting…', async () => {
    const apiKey = await seed(
      tokenkeep,
      pages.map(({ url }) => url),
    )
    keepSessionServer(tokenkeep, '--port', String(port))
    for (const page of pages)
      keepSample(`${page.name} sample`, [], {
        server,
        apiKey,
        port: page.port,
        pages: join('apps', page.folder, 'dist'),
      })
    const urls = [`${server}/readyz`, ...pages.map(({ url }) => `${url}/`)]
    await Promise.all(urls.map((url) => answers(url, 30, ended)))
  })
  if (ended.aborted) return
  show(pages, server)
  console.log('\nThe same page in each framework, over one session server. Ctrl-C stops everything.')
}

main().catch(fail)
