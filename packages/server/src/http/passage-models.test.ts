import type { AuthResult } from '@tokenkeep/protocol'
import { beforeAll, describe, expect, it } from 'vitest'
import { createAuthenticator } from '../../test/authenticator.ts'
import { createCeremonies } from '../../test/ceremonies.ts'
import { faultsOf, passageModels, type PassageModel } from '../../test/passage-models.ts'
import { places } from '../../test/stores.ts'
import { origin, resultOf, worldOfSuite } from '../../test/world.ts'

describe('the models of Passage’s SDKs refuse', () => {
  it('null, a missing field and another type', () => {
    expect(faultsOf('Link', { href: null })).toEqual(['Link.href: null is no string'])
    expect(faultsOf('Link', {})).toEqual(['Link.href: is missing'])
    expect(faultsOf('PaginatedLinks', { first: 1 })).toContain('PaginatedLinks.first: 1 is no object')
    expect(faultsOf('WebAuthnIcons', { light: null, dark: '' })).toEqual([])
  })
})

describe.each(places)('what the SDKs of Passage parse, on $name', async ({ make }) => {
  const world = await worldOfSuite(make)
  const passkeys = createCeremonies(world)
  const seen = new Set<PassageModel>()
  let neverSignedIn: string
  let signedUp: AuthResult

  const manage = async (method: string, path: string, body?: object) => {
    const answer = await world.manage(method, path, body)
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }
  const expectModel = async (model: PassageModel, method: string, path: string, body?: object) => {
    const answer = await manage(method, path, body)
    expect([answer.status, faultsOf(model, answer.body)]).toEqual([expect.any(Number), []])
    seen.add(model)
    return answer
  }

  beforeAll(async () => {
    const { body } = await manage('POST', '/users', { email: 'new@example.com' })
    neverSignedIn = (body['user'] as { id: string }).id
    const ada = createAuthenticator(origin)
    signedUp = await resultOf(passkeys.signUp(ada, { identifier: 'ada@example.com' }))
    await passkeys.signIn(ada)
    await manage('PATCH', '/settings', {
      user_metadata_schema: [{ field_name: 'newsletter', friendly_name: 'Newsletter', type: 'boolean' }],
    })
  })

  it('a user who never signed in, and one with a passkey (case I3)', async () => {
    await expectModel('UserResponse', 'GET', `/users/${neverSignedIn}`)
    const { body } = await expectModel('UserResponse', 'GET', `/users/${signedUp.user_id}`)
    expect(body['user']).toMatchObject({
      webauthn: true,
      webauthn_types: ['passkey'],
      webauthn_devices: [{ type: 'passkey', usage_count: 1, icons: { light: null, dark: null } }],
    })
    for (const [method, path, change] of [
      ['PATCH', '', { user_metadata: { plan: 'pro' } }],
      ['PATCH', '/deactivate'],
      ['PATCH', '/activate'],
    ] as const)
      await expectModel('UserResponse', method, `/users/${neverSignedIn}${path}`, change)
    await expectModel('UserResponse', 'POST', '/users', { phone: '+15005550006' })
  })

  it('the passkeys of a user (case I3)', async () => {
    await expectModel('ListDevicesResponse', 'GET', `/users/${neverSignedIn}/devices`)
    await expectModel('ListDevicesResponse', 'GET', `/users/${signedUp.user_id}/devices`)
  })

  it.each(['', '?limit=1', '?limit=1&page=2', '?identifier=nobody'])(
    'the list of users, at its ends and in its middle: %s (case I3)',
    async (query) => {
      await expectModel('ListPaginatedUsersResponse', 'GET', `/users${query}`)
    },
  )

  it('an app (case I5)', async () => {
    await expectModel('AppResponse', 'GET', '')
  })

  it('errors', async () => {
    const expectError = async (model: PassageModel, status: number, answering: Promise<Response>) => {
      const answer = await answering
      expect([answer.status, faultsOf(model, await answer.json())]).toEqual([status, []])
      seen.add(model)
    }
    await expectError('Model400Error', 400, world.manage('POST', '/users', {}))
    await expectError('Model401Error', 401, world.ask('GET', `/users/${neverSignedIn}`))
    await expectError('Model403Error', 403, world.manage('POST', '/magic-links', { email: 'a@example.com' }))
    await expectError('Model404Error', 404, world.manage('GET', '/users/nobody'))
    const device = `/users/${neverSignedIn}/devices/nothing`
    await expectError('Model404Error', 404, world.manage('DELETE', device))
    const elsewhere = world.ask('GET', '//v1/apps/nothing/users/x', undefined, {
      authorization: `Bearer ${world.key}`,
    })
    await expectError('Model404Error', 404, elsewhere)
  })

  it('are all of the models that an answer has', () => {
    const ofAnAnswer = passageModels.filter((model) => /Response$|Error$/.test(model))
    expect([...seen].toSorted()).toEqual(ofAnAnswer.toSorted())
  })
})
