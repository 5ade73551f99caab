import { expect } from '@playwright/test'
import { test } from '../src/console-fixtures.ts'
import { SessionServer } from '../src/session-server.ts'
import { addAuthenticator } from '../src/virtual-authenticator.ts'

test('an invitation makes one admin, and a signed-out admin sees no page', async ({
  page,
  browser,
  server,
  admin,
}) => {
  const first = server.invitation!
  expect(page.url()).not.toContain('invitation')

  const late = await browser.newPage()
  await addAuthenticator(late)
  await late.goto(first)
  await late.getByLabel('Email or name').fill('mallory@example.com')
  await late.getByRole('button', { name: 'Create a passkey' }).click()
  await expect(late.getByRole('alert')).toContainText('only with a valid invitation')

  await admin.visit('/apps/console/users')
  await page.getByRole('button', { name: 'Invite an admin' }).click()
  const link = await page.getByRole('dialog').locator('code').textContent()
  await late.goto('about:blank')
  await late.goto(link!)
  await late.getByLabel('Email or name').fill('edsger@example.com')
  await late.getByRole('button', { name: 'Create a passkey' }).click()
  await expect(late.getByRole('heading', { name: 'Apps', level: 1 })).toBeVisible()

  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
  await page.getByRole('button', { name: 'Your account' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page.getByText('You are signed out.')).toBeVisible()
  await expect(page.getByRole('navigation')).toHaveCount(0)
  await late.close()
})

test('keeps filters in the address, and shows an API key once', async ({ page, server, admin }) => {
  for (const identifier of ['ada@example.com', 'alan@example.com', 'grace.h@example.com'])
    await server.manage('POST', '/users', { identifier })
  await admin.visit(`/apps/${SessionServer.appId}/users`)
  await page.getByRole('searchbox').fill('ALAN')
  await expect(page.getByRole('link', { name: 'alan@example.com' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'ada@example.com' })).toHaveCount(0)
  expect(new URL(page.url()).searchParams.get('q')).toBe('ALAN')
  await page.reload()
  await expect(page.getByRole('searchbox')).toHaveValue('ALAN')
  await page.getByRole('searchbox').fill('no such user')
  await expect(page.getByText('No users match')).toBeVisible()

  await admin.visit(`/apps/${SessionServer.appId}/keys`)
  await page.getByRole('button', { name: 'Create API key' }).click()
  await page.getByLabel('Name').fill('orders backend')
  await page.getByRole('dialog').getByRole('button', { name: 'Create API key' }).click()
  const secret = (await page.getByRole('dialog').locator('code').textContent())!
  expect(secret).toMatch(/^tk1\./)
  await page.getByRole('button', { name: 'I have copied it' }).click()
  await expect(page.getByText('orders backend', { exact: true })).toBeVisible()
  expect(await page.content()).not.toContain(secret)
})
