import { describe, expect, it } from 'vitest'
import { createAuthenticator } from '../../test/authenticator.ts'
import { createCeremonies, type Authenticator } from '../../test/ceremonies.ts'
import { places } from '../../test/stores.ts'
import { claimsOf, minute, origin, resultOf, worldOfSuite } from '../../test/world.ts'
import { newId, parseId } from '../store/ids.ts'

const name = () => `${newId().toString('hex')}@example.com`
const assuranceOf = (token: string) => {
  const { auth_time, amr, acr } = claimsOf(token)
  return { auth_time, amr, acr }
}

describe.each(places)('a re-authentication on $name (T23)', async ({ make }) => {
  const world = await worldOfSuite(make)
  const passkeys = createCeremonies(world)
  const seconds = () => Math.floor(world.now / 1000)
  const signUp = async (authenticator: Authenticator = createAuthenticator(origin)) => {
    const auth = await resultOf(passkeys.signUp(authenticator, { identifier: name() }))
    return { authenticator, auth }
  }
  const refresh = async (token: string) => resultOf(world.refresh(token))
  const sessionsOf = (token: string) =>
    world
      .ask('GET', '/currentuser/sessions', undefined, { authorization: `Bearer ${token}` })
      .then(async (answer) => ((await answer.json()) as { sessions: { id: string }[] }).sessions)

  it('moves `auth_time` of the same session: its refresh token stays, and its next auth token says so', async () => {
    const { authenticator, auth } = await signUp()
    const before = assuranceOf(auth.auth_token)
    expect(before).toEqual({ auth_time: seconds(), amr: undefined, acr: undefined })
    world.now += minute
    const answer = await passkeys.reauthenticate(authenticator, auth.auth_token)
    const authentication = { auth_time: seconds(), amr: ['pop', 'user', 'mfa'], acr: 'phr' }
    expect([answer.status, await answer.json()]).toEqual([200, { authentication }])
    const next = await refresh(auth.refresh_token!)
    expect(next).toMatchObject({ session_id: auth.session_id, user_id: auth.user_id })
    expect(assuranceOf(next.auth_token)).toEqual(authentication)
    expect(next.refresh_token_expiration).toBe(auth.refresh_token_expiration)
  })

  it('opens no session and ends none (better-auth/better-auth#8071)', async () => {
    const { authenticator, auth } = await signUp()
    const user = () => world.store.users.find('demo', parseId(auth.user_id)!)
    const before = await user()
    world.now += minute
    expect((await passkeys.reauthenticate(authenticator, auth.auth_token)).status).toBe(200)
    expect((await sessionsOf(auth.auth_token)).map(({ id }) => id)).toEqual([auth.session_id])
    expect(await user()).toEqual(before)
    const { events } = (await (
      await world.manage('GET', `/events?user_id=${auth.user_id}&limit=1`)
    ).json()) as { events: object[] }
    expect(events).toMatchObject([{ type: 'reauthenticated', actor: 'user', session_id: auth.session_id }])
  })

  it('keeps time, methods and class through every refresh (sebadob/rauthy#1654, keycloak/keycloak#43968)', async () => {
    const { authenticator, auth } = await signUp()
    world.now += minute
    await passkeys.reauthenticate(authenticator, auth.auth_token)
    let { refresh_token: token } = auth
    const authentication = { auth_time: seconds(), amr: ['pop', 'user', 'mfa'], acr: 'phr' }
    for (let round = 0; round < 5; round++) {
      world.now += minute
      const next = await refresh(token!)
      expect(assuranceOf(next.auth_token)).toEqual(authentication)
      token = next.refresh_token
    }
  })

  it('refuses the passkey of another user, and the session goes on (T23, dotnet/aspnetcore#68522)', async () => {
    const { auth } = await signUp()
    const { authenticator: foreign, auth: other } = await signUp()
    world.now += minute
    const answer = await passkeys.reauthenticate(foreign, auth.auth_token)
    expect([answer.status, await answer.json()]).toMatchObject([401, { code: 'webauthn_login_failed' }])
    for (const each of [auth, other]) {
      const next = await refresh(each.refresh_token!)
      expect(next.session_id).toBe(each.session_id)
      expect(assuranceOf(next.auth_token)).toEqual(assuranceOf(each.auth_token))
    }
  })

  it('takes each assertion once, and only for the session that asked (open-mercato/open-mercato#5306)', async () => {
    const { authenticator, auth } = await signUp()
    const second = await resultOf(passkeys.signIn(authenticator))
    const started = await passkeys.startReauthentication(auth.auth_token)
    const { handshake } = (await started.json()) as {
      handshake: { id: string; challenge: { publicKey: { challenge: string; rpId: string } } }
    }
    const body = {
      handshake_id: handshake.id,
      handshake_response: authenticator.signIn(handshake.challenge.publicKey),
    }
    const finish = async (token: string, changed: object = {}) =>
      (
        await passkeys.call(
          '/currentuser/reauthentication/finish',
          { ...body, ...changed },
          { authorization: `Bearer ${token}` },
        )
      ).status
    // A thief with the auth token of another session of this user gets nothing from this assertion.
    expect(await finish(second.auth_token)).toBe(401)
    const { signature: _, ...unsigned } = body.handshake_response.response as { signature: string }
    expect(
      await finish(auth.auth_token, {
        handshake_response: { ...body.handshake_response, response: unsigned },
      }),
    ).toBe(401)
    expect(await finish(auth.auth_token, { handshake_response: { id: body.handshake_response.id } })).toBe(
      401,
    )
    expect((await passkeys.call('/login/webauthn/finish', body)).status).toBe(401)
    expect(await finish(auth.auth_token)).toBe(200)
    expect(await finish(auth.auth_token)).toBe(401)

    const login = await passkeys.call('/login/webauthn/start', {})
    const { handshake: other } = (await login.json()) as { handshake: typeof handshake }
    expect(
      await finish(auth.auth_token, {
        handshake_id: other.id,
        handshake_response: authenticator.signIn(other.challenge.publicKey),
      }),
    ).toBe(401)
  })

  it('says what the passkey has proven: two factors only if it verified the person (voidauth/voidauth#361, dotnet/aspnetcore#64881)', async () => {
    for (const verifies of [true, false]) {
      const { authenticator } = await signUp(createAuthenticator(origin, { verifies }))
      const amr = ['pop', 'user', ...(verifies ? ['mfa'] : [])]
      const signedIn = await resultOf(passkeys.signIn(authenticator))
      expect(assuranceOf(signedIn.auth_token)).toEqual({ auth_time: seconds(), amr, acr: 'phr' })
      world.now += minute
      await passkeys.reauthenticate(authenticator, signedIn.auth_token)
      const next = await refresh(signedIn.refresh_token!)
      expect(assuranceOf(next.auth_token)).toEqual({ auth_time: seconds(), amr, acr: 'phr' })
    }
  })

  it('never moves `auth_time` back: the clock of a replica can be behind', async () => {
    const { authenticator, auth } = await signUp()
    world.now += 10_000
    await passkeys.reauthenticate(authenticator, auth.auth_token)
    const newest = seconds()
    world.now -= 5000
    expect((await passkeys.reauthenticate(authenticator, auth.auth_token)).status).toBe(200)
    expect(assuranceOf((await refresh(auth.refresh_token!)).auth_token).auth_time).toBe(newest)
    world.now += 5000
  })

  it('counts as activity, and does not move the absolute deadline', async () => {
    const { authenticator, auth } = await signUp()
    const row = () => world.store.sessions.find('demo', parseId(auth.user_id)!, parseId(auth.session_id)!)
    const before = (await row())!
    world.now += minute
    await passkeys.reauthenticate(authenticator, auth.auth_token)
    expect(await row()).toEqual({
      ...before,
      active_at: world.now,
      auth_time: world.now,
      amr: 'pop user mfa',
      acr: 'phr',
    })
  })

  it('is refused after the session has ended, also while the prompt is open', async () => {
    const { authenticator, auth } = await signUp()
    const headers = { authorization: `Bearer ${auth.auth_token}` }
    const started = await passkeys.startReauthentication(auth.auth_token)
    const { handshake } = (await started.json()) as {
      handshake: { id: string; challenge: { publicKey: { challenge: string; rpId: string } } }
    }
    await world.manage('DELETE', `/users/${auth.user_id}/tokens`)
    const answer = await passkeys.call(
      '/currentuser/reauthentication/finish',
      {
        handshake_id: handshake.id,
        handshake_response: authenticator.signIn(handshake.challenge.publicKey),
      },
      headers,
    )
    expect([answer.status, await answer.json()]).toMatchObject([401, { code: 'invalid_access_token' }])
    expect((await world.refresh(auth.refresh_token!)).status).toBe(401)
  })

  it('is for users with a passkey, in apps with refresh tokens', async () => {
    const { result } = await world.signIn()
    const answer = await passkeys.startReauthentication(result.auth_token)
    expect([answer.status, await answer.json()]).toMatchObject([409, { code: 'user_has_no_passkeys' }])
    const { auth } = await signUp()
    await world.manage('PATCH', '/settings', { refresh_enabled: false })
    const off = await passkeys.startReauthentication(auth.auth_token)
    expect([off.status, await off.json()]).toMatchObject([403, { code: 'operation_not_allowed' }])
    await world.manage('PATCH', '/settings', { refresh_enabled: true })
  })

  it('uses a passkey of the user only, with the user verification of the app', async () => {
    const { authenticator, auth } = await signUp()
    await signUp()
    await world.manage('PATCH', '/settings', { user_verification: 'required' })
    const started = await passkeys.startReauthentication(auth.auth_token)
    const { handshake } = (await started.json()) as {
      handshake: { challenge: { publicKey: { allowCredentials: object[]; userVerification: string } } }
    }
    const { allowCredentials, userVerification } = handshake.challenge.publicKey
    const [own] = await world.store.passkeys.list('demo', parseId(auth.user_id)!)
    expect([allowCredentials, userVerification]).toMatchObject([[{ id: own!.id }], 'required'])
    expect(allowCredentials).toHaveLength(1)
    expect((await passkeys.reauthenticate(authenticator, auth.auth_token)).status).toBe(200)
    await world.manage('PATCH', '/settings', { user_verification: 'preferred' })
  })

  describe('a session that a backend opens', () => {
    const open = async (body: object) => {
      const { userId } = await world.signIn()
      return world.manage('POST', `/users/${userId}/sessions`, body)
    }
    it('carries the authentication that the backend vouches for', async () => {
      const auth_time = seconds() - 3600
      const result = await resultOf(open({ auth_time, amr: ['pwd', 'otp'], acr: 'urn:example:silver' }))
      const expected = { auth_time, amr: ['pwd', 'otp'], acr: 'urn:example:silver' }
      expect(assuranceOf(result.auth_token)).toEqual(expected)
      expect(assuranceOf((await refresh(result.refresh_token!)).auth_token)).toEqual(expected)
    })
    it('has no methods and no class if the backend says nothing', async () => {
      const result = await resultOf(open({}))
      expect(assuranceOf(result.auth_token)).toEqual({ auth_time: seconds(), amr: undefined, acr: undefined })
      expect(await resultOf(open({ amr: [] }))).toBeDefined()
    })
    it('cannot be of the future, or hold values that a challenge cannot name', async () => {
      for (const body of [
        { auth_time: seconds() + 60 },
        { auth_time: 1.5 },
        { auth_time: -1 },
        { acr: 'two words' },
        { acr: 'a"quote' },
        { acr: '' },
        { amr: ['two words'] },
        { amr: 'pwd' },
      ])
        expect((await open(body)).status).toBe(400)
      const ahead = await resultOf(open({ auth_time: seconds() + 10 }))
      expect(claimsOf(ahead.auth_token).auth_time).toBe(seconds())
    })
    it('is refused if all sessions have ended since, and a sign-in of that second is not', async () => {
      const { authenticator } = await signUp()
      await world.manage('DELETE', '/sessions')
      const { not_before: ended } = (await world.store.apps.find('demo'))!
      expect(ended).toBeGreaterThan(world.now)
      const time = (token: string) => claimsOf(token).auth_time * 1000
      expect((await open({ auth_time: seconds() - 60 })).status).toBe(400)
      expect(time((await resultOf(open({}))).auth_token)).toBeGreaterThanOrEqual(ended)
      const auth = await resultOf(passkeys.signIn(authenticator))
      expect(time(auth.auth_token)).toBeGreaterThanOrEqual(ended)
      expect((await passkeys.reauthenticate(authenticator, auth.auth_token)).status).toBe(200)
      expect(time((await refresh(auth.refresh_token!)).auth_token)).toBeGreaterThanOrEqual(ended)
    })
  })

  it('is what introspection says (RFC 9470 section 6.2)', async () => {
    const { authenticator, auth } = await signUp()
    world.now += minute
    await passkeys.reauthenticate(authenticator, auth.auth_token)
    const next = await refresh(auth.refresh_token!)
    for (const token of [next.auth_token, next.refresh_token!]) {
      const answer = await world.server.fetch(
        new Request('https://auth.example/v1/apps/demo/oauth/introspect', {
          method: 'POST',
          headers: {
            'content-type': 'application/x-www-form-urlencoded',
            authorization: `Bearer ${world.key}`,
          },
          body: new URLSearchParams({ token }),
        }),
      )
      expect(await answer.json()).toMatchObject({ active: true, auth_time: seconds(), acr: 'phr' })
    }
  })
})
