import { expect } from '@playwright/test'
import { test } from '../../src/fixtures.ts'
import { SampleTab } from '../../src/sample-tab.ts'

const sentToSignIn = ({ pathname, searchParams }: URL): boolean =>
  pathname === '/sign-in' && searchParams.get('next') === '/account'

test('a protected page redirects to the sign-in and back, and again after a sign-out in another tab', async ({
  tab,
  sample,
  user,
  context,
}) => {
  const { page } = tab
  await page.goto(`${sample}/account`)
  await expect(page).toHaveURL(sentToSignIn)
  await tab.press('backend-sign-in', user)
  await expect(page).toHaveURL(`${sample}/account`)
  await expect(page.getByTestId('sessions').getByText('this browser')).toBeVisible()

  // A reload does not send a signed-in user through the sign-in page.
  const seen: string[] = []
  page.on('framenavigated', (frame) => seen.push(frame.url()))
  await page.reload()
  await expect(page.getByTestId('sessions').getByText('this browser')).toBeVisible()
  expect(new Set(seen)).toEqual(new Set([`${sample}/account`]))

  const other = await SampleTab.open(await context.newPage(), sample)
  await other.signOut()
  await expect(page).toHaveURL(sentToSignIn)
  await expect(page.getByTestId('sessions')).toHaveCount(0)
  // Back does not show the protected page.
  await page.goBack({ waitUntil: 'commit' })
  await expect(tab.state).toHaveText('signed-out')
  await expect(page.getByTestId('account-user')).toHaveCount(0)
})
