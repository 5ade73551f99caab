import { expect, test } from '@playwright/test'
import { accessibility } from '../src/accessibility.ts'
import { freePort } from '../../../../scripts/lib/free-port.ts'
import { Console, pagesOf } from '../src/console.ts'
import { seed } from '../src/seed.ts'
import { SessionServer } from '../src/session-server.ts'

test('every page is accessible, follows the Content Security Policy, and loads nothing from other origins', async ({
  page,
}) => {
  const server = await SessionServer.create(await freePort(), 'https://app.example.com')
  const users = seed(server.store, { app: SessionServer.appId, users: 120, sessions: 400, events: 300 })
  await server.start()
  const foreign: string[] = []
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== server.url) foreign.push(request.url())
  })
  // Checks the sign-in page.
  await page.goto(`${server.url}/console/`)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor()
  expect((await accessibility(page).analyze()).violations).toEqual([])
  const admin = await Console.open(page, server)

  for (const path of Object.values(pagesOf(SessionServer.appId, users[0]!))) {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    await admin.visit(path)
    const light = await accessibility(page).analyze()
    // The dark page differs only in its colors.
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
    const dark = await accessibility(page).withRules('color-contrast').analyze()
    expect.soft([...light.violations, ...dark.violations], path).toEqual([])
    expect.soft(await admin.violations(), path).toEqual([])
  }

  // Checks a page with an open dialog, select and menu.
  await admin.visit(`/apps/${SessionServer.appId}/keys`)
  await page.getByRole('button', { name: 'Rotate now' }).click()
  await page.getByRole('combobox', { name: 'Algorithm of the new key' }).click()
  await page.getByRole('option', { name: 'ES256' }).click()
  expect((await accessibility(page).analyze()).violations).toEqual([])
  await page.getByRole('button', { name: 'Rotate now' }).click()
  await expect(page.getByText('Keys rotated')).toBeVisible()
  await expect(page.getByText('Previous', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Your account' }).click()
  await page.getByRole('menuitemradio', { name: 'Dark' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')

  expect(await admin.violations()).toEqual([])
  expect(foreign).toEqual([])
  await server.dispose()
})
