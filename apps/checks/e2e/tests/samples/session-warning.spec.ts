import { expect, type Page } from '@playwright/test'
import { test } from '../../src/fixtures.ts'
import { SampleTab } from '../../src/sample-tab.ts'

/** The samples warn 60 seconds before the end, so the warning comes some seconds after the last activity. Seconds. */
const INACTIVITY = 70

/** The page counts how often a dialog was closed: a busy machine may look too late at one that opens again after seconds. */
const countClosed = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const counts = { closed: 0 }
    document.addEventListener('close', () => counts.closed++, true)
    Object.assign(globalThis, { counts })
  })
const closedOf = (page: Page): Promise<number> =>
  page.evaluate(() => (globalThis as unknown as { counts: { closed: number } }).counts.closed)

const dialogOf = (page: Page) => page.getByRole('alertdialog', { name: 'Are you still there?' })

test(
  'both tabs warn before the session ends; one answer withdraws both warnings, and so does Escape',
  { tag: '@once' },
  async ({ tab, server, sample, user, context }) => {
    const change = await server.manage('PATCH', '/settings', { refresh_inactivity_lifetime: INACTIVITY })
    expect(change.ok).toBe(true)
    await tab.press('backend-sign-in', user)
    const other = await SampleTab.open(await context.newPage(), sample)

    // The page calls its API every three seconds, but no user asks for that.
    for (const { page } of [tab, other]) await expect(dialogOf(page)).toContainText(/ends in \d+ seconds/)
    await expect(other.page.getByTestId('stay')).toBeFocused()
    for (const { page } of [tab, other]) await countClosed(page)
    let answers = 0
    for (const stay of [
      () => other.page.getByTestId('stay').click(),
      () => tab.page.bringToFront().then(() => tab.page.keyboard.press('Escape')),
    ]) {
      // oxlint-disable no-await-in-loop -- One answer after the other.
      await stay()
      answers++
      for (const { page } of [tab, other]) await expect.poll(() => closedOf(page)).toBe(answers)
      for (const { page } of [tab, other]) await expect(dialogOf(page)).toBeVisible()
    }
    await tab.page.getByTestId('leave').click()
    for (const { page } of [tab, other]) await expect(dialogOf(page)).toBeHidden()
    await expect(other.state).toHaveText('signed-out')
  },
)

test(
  'a session that nobody uses ends in both tabs, though no call needs a token',
  { tag: ['@once', '@full'] },
  async ({ tab, server, user, sample, context }) => {
    // Both tabs are open before the session begins, so the warning is not over before the other tab could show it.
    const other = await SampleTab.open(await context.newPage(), sample)
    await server.manage('PATCH', '/settings', { refresh_inactivity_lifetime: 30 })
    await tab.press('backend-sign-in', user)
    for (const { page } of [tab, other]) await expect(dialogOf(page)).toBeVisible()
    for (const { state, page } of [tab, other]) {
      await expect(state).toHaveText('signed-out')
      await expect(page.getByTestId('reason')).toHaveAttribute('data-reason', 'inactive')
      await expect(dialogOf(page)).toBeHidden()
    }
  },
)

test.afterEach(async ({ server }) => {
  await server.manage('PATCH', '/settings', { refresh_inactivity_lifetime: 3600 })
})
