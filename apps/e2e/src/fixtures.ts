import { test as base } from '@playwright/test'
import { join } from 'node:path'
import { end, freePort, ready, root, startNode } from './child.ts'
import { SampleTab } from './sample-tab.ts'
import { samples, type SampleName } from './samples.ts'
import { SessionServer } from './session-server.ts'

interface Fixtures {
  /** Which of the samples the test runs against: a Playwright project each. */
  readonly framework: SampleName
  readonly samplePort: number
  readonly server: SessionServer
  /** The sample's address, once its backend answers. */
  readonly sample: string
  /** The sample in the first tab. */
  readonly tab: SampleTab
}

export const test = base.extend<Fixtures>({
  framework: ['react', { option: true }],

  // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from this pattern.
  samplePort: async ({}, use) => use(await freePort()),

  server: async ({ samplePort }, use) => {
    const server = await SessionServer.create(await freePort(), `http://localhost:${samplePort}`)
    await server.start()
    await use(server)
    await server.dispose()
  },

  sample: async ({ framework, server, samplePort }, use) => {
    const url = `http://localhost:${samplePort}`
    const backend = startNode([join('apps', 'sample', 'backend', 'main.ts')], {
      env: {
        SAMPLE_PAGES: join(root, samples[framework]),
        TOKENKEEP_URL: server.url,
        TOKENKEEP_APP_ID: SessionServer.appId,
        TOKENKEEP_API_KEY: await server.createApiKey(),
        SAMPLE_PORT: String(samplePort),
      },
    })
    await ready(backend, `${url}/`)
    await use(url)
    await end(backend, 'SIGKILL')
  },

  tab: async ({ page, sample }, use) => use(await SampleTab.open(page, sample)),
})
