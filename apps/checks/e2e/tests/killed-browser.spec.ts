import { expect, test } from '@playwright/test'
import type { Tab } from '../src/cdp.ts'
import { diary, status, World } from '../src/world.ts'

/** Waits until a tab has a new token. */
const refreshed = async (tab: Tab): Promise<void> => {
  const before = (await diary(tab)).last
  await expect.poll(async () => (await diary(tab)).last, { intervals: [10] }).not.toBe(before)
}

const signedIn = async (world: World): Promise<Tab> => {
  const tab = await world.open()
  await expect.poll(() => status(tab)).toBe('valid')
  return tab
}

test('F08: a browser that is killed right after a refresh is still signed in, and no theft is reported', async () => {
  const world = await World.start()
  await world.signIn(await world.open())
  for (let round = 0; round < 3; round++) {
    await refreshed(await signedIn(world))
    await world.restart('kill')
  }
  const tab = await signedIn(world)
  expect((await diary(tab)).states.join()).not.toContain('signed-out')
  expect(world.outcomes()).not.toHaveProperty('reused')
  await world.dispose()
})

test(
  'in cookie mode, a killed browser is still signed in, no theft is reported, and the page has no refresh token',
  { tag: '@full' },
  async () => {
    // The auth token outlives the restarts, so that only this test refreshes.
    const world = await World.start('cookie', 600)
    const refresh = (tab: Tab): Promise<unknown> =>
      tab.evaluate('auth.getAuthToken({ minValidSeconds: 3600 }).then(() => true)')
    const before = await world.open()
    await world.signIn(before)
    expect(await before.evaluate('document.cookie')).toBe('')
    // Chromium writes a cookie to disk after half a minute, or when the browser closes.
    await world.restart('close')
    await refresh(await signedIn(world))
    // The kill loses the newest cookie, and its predecessor is back. The record survives: its last retry id tells the server
    // that this client has used the predecessor.
    await world.restart('kill')
    const tab = await signedIn(world)
    await refresh(tab)
    expect(await status(tab)).toBe('valid')
    expect((await diary(tab)).states.join()).not.toContain('signed-out')
    expect(world.outcomes()).not.toHaveProperty('reused')
    await tab.evaluate('auth.signOut()')
    await expect.poll(() => world.server.log.filter(({ msg }) => msg === 'sign-out').length).toBe(1)
    await world.dispose()
  },
)
