import { expect, test } from '@playwright/test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Tab } from '../src/cdp.ts'
import { chooseSeed, randomOf } from '../src/random.ts'
import { diary, status, World, type Diary } from '../src/world.ts'

let world: World
test.beforeEach(async () => void (world = await World.start()))
test.afterEach(() => world.dispose())

for (const { seconds, refreshes, tag } of [
  { seconds: 15, refreshes: 2, tag: [] },
  { seconds: 60, refreshes: 6, tag: '@full' },
])
  test(
    `eight tabs stay signed in for ${seconds} seconds of lost responses, killed and frozen tabs and no network, until they sign out`,
    { tag },
    async () => {
      const random = randomOf(chooseSeed())
      const begun = Date.now()
      const tabs = [await world.open()]
      await world.signIn(tabs[0]!)
      // Deletes the signed-out state from before the sign-in.
      await tabs[0]!.evaluate('diary.states.length = 0')
      while (tabs.length < 8) tabs.push(await world.open())
      world.origin.random = random
      world.origin.loss = 0.1

      const seen: Diary[] = []
      const frozen = new Set<Tab>()
      const any = (): number => Math.floor(random() * tabs.length)
      const disturbances: (() => Promise<unknown>)[] = [
        async () => {
          const [victim] = tabs.splice(any(), 1)
          if (!frozen.has(victim!)) seen.push(await diary(victim!))
          if (frozen.delete(victim!) || random() < 0.5) await victim!.close()
          else victim!.crash()
          // This does not wait for the tab: if a frozen tab holds a transaction, no other tab can read the storage.
          tabs.push(await world.tab())
        },
        async () => {
          const victim = tabs[any()]!
          if (frozen.size > 2 || frozen.has(victim)) return
          frozen.add(victim)
          await tabs.find((tab) => !frozen.has(tab))!.show()
          await victim.freeze()
        },
        async () => {
          for (const tab of frozen) {
            frozen.delete(tab)
            await tab.thaw()
          }
        },
        async () => {
          const some = tabs.filter((tab) => !frozen.has(tab)).slice(0, 3)
          await Promise.all(some.map((tab) => tab.offline(true)))
          await sleep(1500)
          await Promise.all(some.map((tab) => tab.offline(false).catch(() => undefined)))
        },
      ]
      const until = Date.now() + seconds * 1000
      while (Date.now() < until || (world.outcomes()['rotated'] ?? 0) < refreshes) {
        await disturbances[Math.floor(random() * disturbances.length)]!()
        await sleep(random() * 1500)
      }
      for (const tab of frozen) await tab.thaw()
      world.origin.loss = 0

      // All tabs have the same token again, and no tab was signed out.
      await expect
        .poll(async () => new Set((await Promise.all(tabs.map(diary))).map(({ last }) => last)).size)
        .toBe(1)
      seen.push(...(await Promise.all(tabs.map(diary))))
      expect(seen.flatMap(({ states }) => states).filter((state) => state.startsWith('signed-out'))).toEqual(
        [],
      )
      const { rotated = 0, reused = 0, late = 0, refused = 0, ...others } = world.outcomes()
      console.log('refreshes at the server:', { rotated, ...others }, 'responses lost:', world.origin.lost)
      expect({ reused, late, refused }).toEqual({ reused: 0, late: 0, refused: 0 })
      // A token lives 5 s and is used for at least 4.5 s.
      expect(rotated).toBeLessThanOrEqual(Math.ceil((Date.now() - begun) / 4500) + 1)
      expect(rotated).toBeGreaterThanOrEqual(refreshes)

      await tabs[0]!.evaluate('auth.signOut()')
      for (const tab of tabs) await expect.poll(() => status(tab)).toBe('signed-out')
    },
  )

test('F18 F21: cleared storage signs out every tab, and the next sign-in reaches every tab', async () => {
  const tabs = [await world.open(), await world.open()]
  await world.signIn(tabs[0]!)
  await expect.poll(() => status(tabs[1]!)).toBe('valid')
  await tabs[0]!.send('Storage.clearDataForOrigin', { origin: world.origin.url, storageTypes: 'all' })
  for (const tab of tabs) await expect.poll(() => status(tab)).toBe('signed-out')
  await world.signIn(tabs[1]!)
  for (const tab of tabs) await expect.poll(() => status(tab)).toBe('valid')
})
