import { expect, test } from '@playwright/test'
import type { Tab } from '../src/cdp.ts'
import { diary, status, World } from '../src/world.ts'

/** Waits for the next token in a tab. */
const refreshed = async (tab: Tab): Promise<void> => {
  const before = (await diary(tab)).last
  await expect.poll(async () => (await diary(tab)).last, { intervals: [10] }).not.toBe(before)
}

const signedIn = async (world: World): Promise<Tab> => {
  const tab = await world.open()
  await expect.poll(() => status(tab)).toBe('valid')
  return tab
}

test('F08: a browser killed right after a refresh: still signed in, and no alarm', async () => {
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

test('cookie mode: a browser killed right after a refresh: still signed in, no alarm, and no refresh token in the page', async () => {
  const world = await World.start('cookie')
  const before = await world.open()
  await world.signIn(before)
  expect(await before.evaluate('document.cookie')).toBe('')
  // A cookie is written to disk half a minute after it was set, or when the browser is closed.
  await world.restart('close')
  await refreshed(await signedIn(world))
  // The cookie falls back to the one before the refresh; the record does not, and tells the server so.
  await world.restart('kill')
  const tab = await signedIn(world)
  await refreshed(tab)
  expect((await diary(tab)).states.join()).not.toContain('signed-out')
  expect(world.outcomes()).not.toHaveProperty('reused')
  await tab.evaluate('auth.signOut()')
  await expect.poll(() => world.server.log.filter(({ msg }) => msg === 'sign-out').length).toBe(1)
  await world.dispose()
})
