import { test as base } from '@playwright/test'
import { freePort } from '../../../../scripts/lib/free-port.ts'
import { Console } from './console.ts'
import { SessionServer } from './session-server.ts'

interface Fixtures {
  /** A server for this test only, because an instance has only one first admin. */
  readonly server: SessionServer
  /** The Console in the first tab, signed in as that admin. */
  readonly admin: Console
}

export const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from this pattern.
  server: async ({}, use) => {
    const server = await SessionServer.create(await freePort(), 'https://app.example.com')
    await server.start()
    await use(server)
    await server.dispose()
  },
  admin: async ({ page, server }, use) => use(await Console.open(page, server)),
})
