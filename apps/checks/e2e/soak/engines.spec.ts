import { expect, test } from '@playwright/test'
import { freePort } from '../../../../scripts/lib/free-port.ts'
import { FlakyOrigin } from '../src/flaky-origin.ts'
import { openSession, SessionServer } from '../src/session-server.ts'
import type { Engine, EngineTab } from './engine.ts'
import { firefox } from './firefox.ts'
import { webkit } from './webkit.ts'

for (const [name, start] of Object.entries({ 'Firefox ESR': firefox, WebKitGTK: webkit }))
  test(`${name}: four tabs share their refreshes despite lost responses and a closed tab, and sign out together`, async () => {
    const port = await freePort()
    const server = await SessionServer.create(await freePort(), `http://localhost:${port}`)
    await server.start()
    const origin = await FlakyOrigin.start(port, () => server.url)
    let engine: Engine | undefined
    try {
      engine = await start()
      const tabs: EngineTab[] = []
      while (tabs.length < 4) tabs.push(await engine.open(origin.url))
      const all = (expression: string): Promise<string[]> =>
        Promise.all(tabs.map((tab) => tab.evaluate<string>(expression)))
      const statuses = () => all('globalThis.auth?.get().status')

      await expect.poll(statuses).toEqual(tabs.map(() => 'signed-out'))
      await tabs[0]!.evaluate(`auth.signIn(${JSON.stringify(await openSession(server))})`)
      await expect.poll(statuses).toEqual(tabs.map(() => 'valid'))

      const enough = async (refreshes: number): Promise<void> => {
        await expect.poll(() => server.refreshes().length).toBeGreaterThanOrEqual(refreshes)
        await expect.poll(async () => new Set(await all('diary.last')).size).toBe(1)
      }
      await enough(4)
      expect(server.refreshes().map(({ outcome }) => outcome)).toEqual(
        server.refreshes().map(() => 'rotated'),
      )
      origin.loss = 0.3
      await tabs.pop()!.close()
      await enough(server.refreshes().length + 5)
      await expect.poll(() => origin.lost).toBeGreaterThanOrEqual(2)
      origin.loss = 0
      await enough(server.refreshes().length + 1)
      const outcomes = new Set(server.refreshes().map(({ outcome }) => outcome))
      expect([...outcomes].filter((outcome) => outcome !== 'rotated' && outcome !== 'replayed')).toEqual([])
      console.log(`${name}: ${server.refreshes().length} refreshes, ${origin.lost} responses lost`)

      await tabs[0]!.evaluate('auth.signOut()')
      await expect.poll(statuses).toEqual(tabs.map(() => 'signed-out'))
    } finally {
      await engine?.close()
      origin.close()
      await server.dispose()
    }
  })
