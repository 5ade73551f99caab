import { describe, expect, it } from 'vitest'
import { inWorldOf, sessionContract } from '../test/contract/contract.ts'
import { reportsContract } from '../test/contract/reports.ts'
import { signOutContract } from '../test/contract/sign-out.ts'
import { makePlainApp } from '../test/plain-app.ts'
import { stores } from '../test/stores.ts'
import { LIFETIME } from '../test/session-server.ts'
import { createWorld } from '../test/world.ts'

sessionContract('an app without a framework', makePlainApp)

// A session server needs no store. What holds at a sign-out, and after it, holds with one too.
describe('an app whose instances share a store', async () => {
  const { store } = await stores['a store in memory']!()
  const inWorld = inWorldOf((options) => makePlainApp({ ...options, store }))
  signOutContract(inWorld)
  reportsContract(inWorld)
})

it('R02: one process sends one request for all requests that arrive together', async () => {
  const world = await createWorld(makePlainApp)
  const app = world.instance()
  const browser = await world.signIn(app)
  world.pass(LIFETIME)
  await Promise.all(Array.from({ length: 13 }, () => world.send(app, browser, '/page')))
  expect(world.server.refreshes).toBe(1)
  await world.close()
})
