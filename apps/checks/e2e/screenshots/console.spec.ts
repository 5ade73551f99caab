import { test } from '@playwright/test'
import { freePort } from '../../../../scripts/lib/free-port.ts'
import { Console, pagesOf } from '../src/console.ts'
import { take } from '../src/screenshot.ts'
import { seed } from '../src/seed.ts'
import { SessionServer } from '../src/session-server.ts'

test('takes pictures of every page of the Console, light and dark, wide and narrow', async ({
  page,
  browser,
}) => {
  const server = await SessionServer.create(await freePort(), 'https://app.northwind.example', 'Northwind')
  const users = seed(server.store, { app: SessionServer.appId, users: 1284, sessions: 3900, events: 4000 })
  await server.start()
  await server.manage('PATCH', '/settings', {
    session_timeout_length: 300,
    refresh_absolute_lifetime: 2_592_000,
    refresh_inactivity_lifetime: 604_800,
  })
  for (const name of ['orders backend, production', 'orders backend, staging'])
    await server.createApiKey(name)

  const stranger = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  for (const colorScheme of ['light', 'dark'] as const) {
    await stranger.emulateMedia({ colorScheme })
    await stranger.goto(`${server.url}/console/`)
    await stranger.getByRole('button', { name: 'Sign in with a passkey' }).waitFor()
    await take(stranger, `sign-in-${colorScheme}`)
  }

  const admin = await Console.open(page, server)
  for (const [name, path] of Object.entries(pagesOf(SessionServer.appId, users[0]!)))
    for (const [colorScheme, width, suffix] of [
      ['light', 1280, 'light'],
      ['dark', 1280, 'dark'],
      ['light', 390, 'phone'],
    ] as const) {
      await page.setViewportSize({ width, height: 800 })
      await page.emulateMedia({ colorScheme })
      await admin.visit(path)
      await take(page, `${name}-${suffix}`)
    }
  await server.dispose()
})
