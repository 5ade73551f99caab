import { describe, expect, it } from 'vitest'
import { createAuthenticator } from '../../test/authenticator.ts'
import { createCeremonies } from '../../test/ceremonies.ts'
import { places } from '../../test/stores.ts'
import { origin, resultOf, worldOfSuite } from '../../test/world.ts'
import { newId, parseId } from '../store/ids.ts'

const ROUNDS = 8
const person = () => createAuthenticator(origin)
const name = () => `${newId().toString('hex')}@example.com`
const statuses = (answers: readonly Response[]) => answers.map(({ status }) => status).toSorted()

// Requests that arrive together: what one of them checked must still be true when it acts.
describe.each(places)('requests that arrive together on $name', async ({ make }) => {
  const world = await worldOfSuite(make)
  const passkeys = createCeremonies(world)
  const authorized = (token: string) => ({ authorization: `Bearer ${token}` })
  const passkeysOf = (user: string) => world.store.passkeys.list('demo', parseId(user)!)
  const invite = async (body: object = {}) => {
    const answer = await world.manage('POST', '/invitations', body)
    return (await answer.json()) as { invitation: { id: string }; secret: string }
  }
  const openInvitations = async () => (await world.store.invitations.list('demo', world.now)).length

  it('never remove the last passkey of a user', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const auth = await resultOf(passkeys.signUp(person(), { identifier: name() }))
      expect((await passkeys.add(person(), auth.auth_token)).status).toBe(201)
      const both = await passkeysOf(auth.user_id)
      const remove = (id: string) =>
        world.ask('DELETE', `/currentuser/devices/${id}`, undefined, authorized(auth.auth_token))
      const answers = await Promise.all(both.map(({ id }) => remove(id)))
      expect(statuses(answers)).toEqual([200, 409])
      const [left, ...more] = await passkeysOf(auth.user_id)
      expect(more).toEqual([])
      expect((await remove(left!.id)).status).toBe(409)
      expect((await remove('unknown')).status).toBe(404)
    }
  })

  it('use up no invitation for a name that was taken meanwhile', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const before = await openInvitations()
      const identifier = name()
      const [first, second] = [await invite(), await invite()]
      const begun = await Promise.all(
        [first, second].map(({ secret }) => passkeys.startSignUp({ identifier, invitation: secret })),
      )
      const answers = await Promise.all(begun.map((each) => passkeys.finishSignUp(each, person())))
      expect(statuses(answers)).toEqual([200, 409])
      expect(await openInvitations()).toBe(before + 1)
      const unused = answers[0]!.status === 409 ? first : second
      const other = { identifier: name(), invitation: unused.secret }
      expect((await passkeys.signUp(person(), other)).status).toBe(200)
    }
  })

  it('use an invitation once, for two names or for two replacements', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { secret: invitation } = await invite()
      const begun = await Promise.all(
        [1, 2].map(() => passkeys.startSignUp({ identifier: name(), invitation })),
      )
      const answers = await Promise.all(begun.map((each) => passkeys.finishSignUp(each, person())))
      expect(statuses(answers)).toEqual([200, 403])

      const { userId } = await world.signIn()
      const replacing = await invite({ user_id: userId })
      const started = await Promise.all(
        [1, 2].map(() => passkeys.startSignUp({ invitation: replacing.secret })),
      )
      const replaced = await Promise.all(started.map((each) => passkeys.finishSignUp(each, person())))
      expect(statuses(replaced)).toEqual([200, 403])
      expect(await passkeysOf(userId)).toHaveLength(1)
    }
  })

  it('do not use a withdrawn invitation', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { secret, invitation } = await invite()
      const begun = await passkeys.startSignUp({ identifier: name(), invitation: secret })
      const [finished, withdrawn] = await Promise.all([
        passkeys.finishSignUp(begun, person()),
        world.manage('DELETE', `/invitations/${invitation.id}`),
      ])
      expect([finished.status, withdrawn.status]).toSatisfy(
        ([made, gone]) => (made === 200 && gone === 404) || (made === 403 && gone === 200),
      )
    }
  })

  it('give a name to one of two users, and tell the other', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const identifier = name()
      const [ada, grace] = [await world.signIn(), await world.signIn()]
      const rename = ({ userId }: { userId: string }) =>
        world.manage('PATCH', `/users/${userId}`, { identifier })
      const add = () => world.manage('POST', '/users', { identifier })
      const answers = await Promise.all([rename(ada), rename(grace), add()])
      expect(answers.filter(({ status }) => status < 300)).toHaveLength(1)
      expect(answers.filter(({ status }) => status === 409)).toHaveLength(2)
    }
  })

  it('register a passkey once', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const authenticator = person()
      const begun = await Promise.all([1, 2].map(() => passkeys.startSignUp({ identifier: name() })))
      const answers = await Promise.all(begun.map((each) => passkeys.finishSignUp(each, authenticator)))
      expect(statuses(answers)).toEqual([200, 409])

      const [ada, grace] = [
        await resultOf(passkeys.signUp(person(), { identifier: name() })),
        await resultOf(passkeys.signUp(person(), { identifier: name() })),
      ]
      const shared = person()
      const added = await Promise.all([ada, grace].map(({ auth_token }) => passkeys.add(shared, auth_token)))
      expect(statuses(added)).toEqual([201, 409])
    }
  })

  it('leave only the new passkey when one is added while all are replaced', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const auth = await resultOf(passkeys.signUp(person(), { identifier: name() }))
      const { secret } = await invite({ user_id: auth.user_id })
      const begun = await passkeys.startSignUp({ invitation: secret })
      const [replaced, added] = await Promise.all([
        passkeys.finishSignUp(begun, person()),
        passkeys.add(person(), auth.auth_token),
      ])
      expect(replaced.status).toBe(200)
      expect([201, 401, 409]).toContain(added.status)
      expect(await passkeysOf(auth.user_id)).toHaveLength(1)
    }
  })

  it('add no passkey for a session that ended meanwhile', async () => {
    const auth = await resultOf(passkeys.signUp(person(), { identifier: name() }))
    const user = (await world.store.users.find('demo', parseId(auth.user_id)!))!
    await world.manage('DELETE', `/users/${auth.user_id}/tokens`)
    const passkey = { id: 'late', user_id: user.id, public_key: new Uint8Array([1]), counter: 0 }
    expect(await world.store.passkeys.add('demo', passkey, user.epoch, 'user', world.now)).toBe(false)
  })

  it('open no session with a passkey that was removed meanwhile', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const authenticator = person()
      const auth = await resultOf(passkeys.signUp(authenticator, { identifier: name() }))
      const { id } = (await passkeysOf(auth.user_id))[0]!
      const removal = world.manage('DELETE', `/users/${auth.user_id}/devices/${id}`)
      const [signedIn] = await Promise.all([passkeys.signIn(authenticator), removal])
      expect([200, 401]).toContain(signedIn.status)
      expect(await world.store.passkeys.recordUse('demo', parseId(auth.user_id)!, id, 0, world.now)).toBe(
        false,
      )
    }
  })

  it('sign nobody up once public sign-up is off', async () => {
    const begun = await passkeys.startSignUp({ identifier: name() })
    const { id } = (await begun.clone().json()) as { id: string }
    expect(id).toBeUndefined()
    // Another process has switched it off: this one does not know it yet.
    const app = (await world.store.apps.find('demo'))!
    await world.store.apps.change(
      'demo',
      app.version,
      { ...app, public_signup: false },
      {},
      'system',
      world.now,
    )
    expect((await passkeys.finishSignUp(begun, person())).status).toBe(403)
    await world.store.apps.change('demo', app.version + 1, app, {}, 'system', world.now)
  })
})
