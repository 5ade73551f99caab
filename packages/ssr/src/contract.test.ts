import { expect, it } from 'vitest'
import { sessionContract } from '../test/contract/contract.ts'
import { makePlainApp } from '../test/plain-app.ts'
import { LIFETIME } from '../test/session-server.ts'
import { createWorld } from '../test/world.ts'

sessionContract('an app without a framework', makePlainApp)

it('R02: one process sends one request for all requests that arrive together', async () => {
  const world = await createWorld(makePlainApp)
  const app = world.instance()
  const browser = await world.signIn(app)
  world.pass(LIFETIME)
  await Promise.all(Array.from({ length: 13 }, () => world.send(app, browser, '/page')))
  expect(world.server.refreshes).toBe(1)
  await world.close()
})
