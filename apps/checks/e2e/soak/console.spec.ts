import { expect, test } from '@playwright/test'
import suite from '../playwright.config.ts'
import { freePort } from '../../../../scripts/lib/free-port.ts'
import { Console, pagesOf } from '../src/console.ts'
import { seed } from '../src/seed.ts'
import { SessionServer } from '../src/session-server.ts'

const app = SessionServer.appId

test.use({ launchOptions: suite.use!.launchOptions! })

test('the Console shows each page within a second with 100,000 users and 1,000,000 sessions', async ({
  page,
}) => {
  const server = await SessionServer.create(await freePort(), 'https://app.example.com')
  const users = seed(server.store, { app, users: 100_000, sessions: 1_000_000, events: 200_000 })
  await server.start()
  await server.manage('PATCH', '/settings', {
    refresh_absolute_lifetime: 2_592_000,
    refresh_inactivity_lifetime: 604_800,
  })
  const admin = await Console.open(page, server)

  const pages = {
    ...pagesOf(app, users[50_000]!),
    'users, page 1,000': `/apps/${app}/users?page=1000`,
    'users, last page': `/apps/${app}/users?page=2000`,
    'users, by name': `/apps/${app}/users?order=identifier:asc`,
    'users, a rare search': `/apps/${app}/users?q=lovelace99999`,
    'users, a search that finds most': `/apps/${app}/users?q=example`,
    'users, deactivated': `/apps/${app}/users?status=inactive`,
    'activity, 30 days': `/apps/${app}/activity?range=30d`,
    'activity, one event type': `/apps/${app}/activity?range=30d&type=%5B%22reuse%22%5D`,
  }
  const slow: string[] = []
  for (const [name, path] of Object.entries(pages)) {
    const since = performance.now()
    await admin.visit(path)
    const took = performance.now() - since
    console.log(`${name}: ${took.toFixed(0)} ms`)
    if (took >= 1000) slow.push(name)
  }
  expect(slow).toEqual([])

  // Opens one page after the other, as a person does.
  await admin.visit(`/apps/${app}/users`)
  for (let turn = 2; turn <= 5; turn++) {
    const since = performance.now()
    await page.getByRole('button', { name: 'Next page' }).click()
    await expect(page.getByText(`${(turn - 1) * 50 + 1}–${turn * 50} of 100,000`)).toBeVisible()
    console.log(`turn to page ${turn}: ${(performance.now() - since).toFixed(0)} ms`)
  }
  await server.dispose()
})
