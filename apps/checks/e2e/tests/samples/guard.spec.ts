import { expect } from '@playwright/test'
import { test } from '../../src/fixtures.ts'
import { SampleTab } from '../../src/sample-tab.ts'

const sentToSignIn = ({ pathname, searchParams }: URL): boolean =>
  pathname === '/sign-in' && searchParams.get('next') === '/account'

test('a protected page sends to sign in and takes back from there; a sign-out elsewhere closes it', async ({
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

  // Who is signed in stays where they are: no detour over the sign-in page.
  const seen: string[] = []
  page.on('framenavigated', (frame) => seen.push(frame.url()))
  await page.reload()
  await expect(page.getByTestId('sessions').getByText('this browser')).toBeVisible()
  expect(new Set(seen)).toEqual(new Set([`${sample}/account`]))

  const other = await SampleTab.open(await context.newPage(), sample)
  await other.signOut()
  await expect(page).toHaveURL(sentToSignIn)
  await expect(page.getByTestId('sessions')).toHaveCount(0)
  // Back leads to no page that was for them alone.
  await page.goBack({ waitUntil: 'commit' })
  await expect(tab.state).toHaveText('signed-out')
  await expect(page.getByTestId('account-user')).toHaveCount(0)
})
