import { expect } from '@playwright/test'
import { test } from '../../src/fixtures.ts'

test('20 parallel calls at the moment of expiry need one refresh, and none fails', async ({
  tab,
  server,
  user,
}) => {
  await tab.press('backend-sign-in', user)
  await tab.visit('Twenty calls')
  // Clicks at the moment of expiry, because the page's own calls renew the token later.
  const pressed = await tab.page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const button = document.querySelector<HTMLButtonElement>('[data-testid=send-together]')!
        const watch = new MutationObserver(() => {
          if (document.querySelector('[data-testid=state]')!.textContent !== 'expired') return
          watch.disconnect()
          resolve(performance.now())
          button.click()
        })
        watch.observe(document.body, { subtree: true, childList: true, characterData: true })
      }),
  )
  await expect(tab.page.getByTestId('together-took')).toHaveText(/\d/)
  await expect(tab.page.getByTestId('together-ok')).toHaveText('20')
  await expect(tab.page.getByTestId('together-failed')).toHaveText('0')
  const took = Number(await tab.page.getByTestId('together-took').textContent())
  const shown = Number(await tab.page.getByTestId('together-refreshes').textContent())
  // Counts only until the last response, because the page's own calls refresh the token when it expires again.
  const requests = await tab.page.evaluate(
    ([from, to]) =>
      performance
        .getEntriesByType('resource')
        .filter(({ name, startTime }) => name.endsWith('/tokens') && startTime >= from! && startTime <= to!)
        .length,
    [pressed, pressed + took],
  )
  // A busy machine can need longer than a token is used, which is 4.5 s at least.
  const most = 1 + Math.floor(took / 4500)
  for (const count of [shown, requests]) {
    expect(count).toBeGreaterThanOrEqual(1)
    expect(count).toBeLessThanOrEqual(most)
  }
  expect(new Set(server.refreshes().map(({ outcome }) => outcome))).toEqual(new Set(['rotated']))
})

test('an order that gets a 401 is sent again with a new token and the same body', async ({ tab, user }) => {
  const statuses: number[] = []
  tab.page.on('response', (response) => {
    if (response.url().endsWith('/api/orders')) statuses.push(response.status())
  })
  await tab.press('backend-sign-in', user)
  await tab.page.locator('a[href="/client"]').click()
  await tab.page.getByTestId('dish').fill('Shakshuka')
  // Orders until the token is in the second half of its life and has not expired.
  await expect(async () => {
    await tab.page.getByTestId('order').click()
    await expect(tab.page.getByTestId('answer')).toHaveText(/^201 .*Shakshuka/)
    expect(statuses).toContain(401)
  }).toPass({ intervals: [200] })
  expect(statuses.slice(statuses.indexOf(401))).toEqual([401, 201])
})
