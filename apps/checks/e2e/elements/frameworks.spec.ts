import { expect, test as base } from '@playwright/test'
import { freePort } from '../../../../scripts/lib/free-port.ts'
import { serveFrameworks } from '../src/framework-pages.ts'
import { SessionServer } from '../src/session-server.ts'
import { addAuthenticator } from '../src/virtual-authenticator.ts'

declare const calls: string[]

const test = base.extend<object, { origin: string }>({
  origin: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from this pattern.
    async ({}, use) => {
      const port = await freePort()
      const origin = `http://localhost:${port}`
      const server = await SessionServer.create(await freePort(), origin)
      await server.start()
      const pages = await serveFrameworks(port, server.url)
      await use(origin)
      pages.close()
      await server.dispose()
    },
    { scope: 'worker' },
  ],
})

test.beforeEach(({ page }) => addAuthenticator(page))

for (const framework of ['react', 'vue', 'angular'])
  for (const [query, stored] of [
    ['', 'storeSession true'],
    ['?manager', 'manager'],
  ] as const)
    test(
      `${framework} sets the properties of the element${query} (case K2)`,
      { tag: framework === 'react' && !query ? [] : '@full' },
      async ({ page, origin }) => {
        await page.goto(`${origin}/${framework}${query}`)
        await page.getByLabel('Email or name').fill(`${framework}${query}@example.com`)
        await page.getByRole('button', { name: 'Create a passkey' }).click()
        await expect(page.getByText('You are signed in.')).toBeVisible()
        expect(await page.evaluate(() => calls)).toEqual([
          `beforeAuth ${framework}${query}@example.com`,
          stored,
        ])
        // Nothing else has stored the refresh token.
        expect(await page.evaluate(() => indexedDB.databases())).toEqual([])
      },
    )
