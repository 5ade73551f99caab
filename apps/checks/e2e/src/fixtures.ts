import { test as base } from '@playwright/test'
import { join } from 'node:path'
import { end, ready, root, startNode } from './child.ts'
import { freePort } from '../../../../scripts/lib/free-port.ts'
import { SampleTab } from './sample-tab.ts'
import { samples, type SampleName } from './samples.ts'
import { SessionServer } from './session-server.ts'

interface Servers {
  readonly server: SessionServer
  /** A key for the server's management API. */
  readonly apiKey: string
  /** The address of the sample, whose backend is ready. */
  readonly sample: string
}

interface WorkerFixtures {
  /** The sample that the tests run against. Each sample has its own Playwright project. */
  readonly framework: SampleName
  /** Started once per worker. Each test has its own user. */
  readonly servers: Servers
}

interface Fixtures extends Servers {
  /** A name that no test has used. */
  readonly user: string
  /** The sample in the first tab. */
  readonly tab: SampleTab
}

let users = 0

export const test = base.extend<Fixtures, WorkerFixtures>({
  framework: ['react', { option: true, scope: 'worker' }],

  servers: [
    async ({ framework }, use) => {
      const [port, samplePort] = [await freePort(), await freePort()]
      const sample = `http://localhost:${samplePort}`
      const server = await SessionServer.create(port, sample)
      const [apiKey] = await Promise.all([server.createApiKey(), server.start()])
      const backend = startNode([join('apps', 'samples', 'shared', 'backend', 'main.ts')], {
        env: {
          SAMPLE_PAGES: join(root, samples[framework]),
          TOKENKEEP_URL: server.url,
          TOKENKEEP_APP_ID: SessionServer.appId,
          TOKENKEEP_API_KEY: apiKey,
          SAMPLE_PORT: String(samplePort),
        },
      })
      await ready(backend, `${sample}/`)
      await use({ server, apiKey, sample })
      await end(backend, 'SIGKILL')
      await server.dispose()
    },
    { scope: 'worker' },
  ],

  server: async ({ servers }, use) => {
    servers.server.log.length = 0
    await use(servers.server)
  },
  apiKey: async ({ servers }, use) => use(servers.apiKey),
  sample: async ({ servers }, use) => use(servers.sample),
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from this pattern.
  user: async ({}, use) => use(`user-${++users}@example.com`),
  tab: async ({ page, sample, server: _server }, use) => use(await SampleTab.open(page, sample)),
})
