import type { ManagedApp } from '@tokenkeep/protocol'
import { describe, expect, it } from 'vitest'
import { places } from '../../test/stores.ts'
import { origin, worldOfSuite } from '../../test/world.ts'
import { createApiKey } from '../index.ts'
import { prepareConsole } from '../operations/console-app.ts'
import { newId } from '../store/ids.ts'

describe.each(places)('sign-up on $name', async ({ make }) => {
  const world = await worldOfSuite(make)
  const start = (app: string, identifier: string) =>
    world.ask('POST', `//v1/apps/${app}/register/webauthn/start`, { identifier }, { origin })

  it('is off in a new app until an administrator switches it on (case G1)', async () => {
    await prepareConsole(world.store, 'https://auth.example', world.now)
    const { secret } = await createApiKey(world.store, 'console', 'tests', 'system', world.now)
    const authorization = `Bearer ${secret}`
    const id = `app-${newId().toString('hex')}`
    const profile = { id, name: 'New', auth_origin: origin, redirect_url: '/' }
    const created = await world.ask('POST', '//v1/apps', profile, { authorization })
    expect(created.status).toBe(201)
    expect(((await created.json()) as { app: ManagedApp }).app.public_signup).toBe(false)
    expect((await start(id, 'stranger')).status).toBe(403)
    const change = (public_signup: boolean) =>
      world.ask('PATCH', `//v1/apps/${id}/settings`, { public_signup }, { authorization })
    expect((await change(true)).status).toBe(200)
    expect((await start(id, 'stranger')).status).toBe(200)
    expect((await change(false)).status).toBe(200)
    expect((await start(id, 'stranger')).status).toBe(403)
  })
})
