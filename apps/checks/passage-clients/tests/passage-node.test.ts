import { Passage as Passage12 } from 'passage-node-2.12.1'
import Passage5, { type CreateMagicLinkRequest, type CreateUserRequest } from 'passage-node-2.5.3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appId, startPassageServer, type PassageServer } from './server.ts'

let server: PassageServer
beforeAll(async () => {
  server = await startPassageServer()
})
afterAll(() => server.stop())

let people = 0
/** With a plus sign, which a query must encode (supertokens/supertokens-core #1148). */
const newEmail = (): string => `person+${people++}@example.com`

/** The types of 2.5.3 demand every field. Its users send those that they have. */
const newUser = (fields: Partial<CreateUserRequest>): CreateUserRequest => fields as CreateUserRequest

// 2.5.3 has the status 500 for every error of the API. 2.12.1 knows the status and the code.
const clients = [
  { name: 'passage-node 2.5.3', Passage: Passage5, refused: () => ({ statusCode: 500 }) },
  {
    name: 'passage-node 2.12.1',
    Passage: Passage12,
    refused: (statusCode: number, errorCode: string) => ({ statusCode, errorCode }),
  },
]

describe.each(clients)('$name', ({ Passage, refused }) => {
  const passage = (authStrategy: 'COOKIE' | 'HEADER' = 'COOKIE') =>
    new Passage({ appID: appId, apiKey: server.apiKey, authStrategy })
  const signUp = () => server.signUp(newEmail())

  it('validAuthToken(token): the id of the user', async () => {
    const { auth_token, user_id } = await signUp()
    expect(await passage().validAuthToken(auth_token)).toBe(user_id)
    await expect(passage().validAuthToken(`${auth_token.slice(0, -4)}AAAA`)).rejects.toThrow('verify')
  })

  it('authenticateRequest(request): the id of the user, by the header', async () => {
    const { auth_token, user_id } = await signUp()
    const request = { headers: { authorization: `Bearer ${auth_token}` } } as never
    expect(await passage('HEADER').authenticateRequest(request)).toBe(user_id)
    expect(await passage().authenticateRequestWithHeader(request)).toBe(user_id)
    await expect(passage('HEADER').authenticateRequest({ headers: {} } as never)).rejects.toThrow('not found')
  })

  it('authenticateRequest(request): the id of the user, by the cookie', async () => {
    const { auth_token, user_id } = await signUp()
    const request = { headers: { cookie: `a=b; psg_auth_token=${auth_token}` } } as never
    expect(await passage().authenticateRequest(request)).toBe(user_id)
    expect(await passage().authenticateRequestWithCookie(request)).toBe(user_id)
    await expect(passage().authenticateRequest({ headers: {} } as never)).rejects.toThrow('cookie')
  })

  it('getApp(): the app and its settings (case I5)', async () => {
    expect(await passage().getApp()).toMatchObject({
      id: appId,
      refresh_enabled: true,
      refresh_absolute_lifetime: 2_592_000,
      session_timeout_length: 300,
      public_signup: true,
      technologies: [],
      user_metadata_schema: [{ field_name: 'newsletter', profile: true }],
      created_at: expect.any(Date),
    })
  })

  it('user.create({ email }) or ({ phone }): the new user (case I2)', async () => {
    const email = newEmail()
    const created = await passage().user.create(newUser({ email, user_metadata: { plan: 'pro' } }))
    expect(created).toMatchObject({ email, phone: '', status: 'active', user_metadata: { plan: 'pro' } })
    expect(created.last_login_at.getUTCFullYear()).toBe(1)
    const phone = `+1500555${1000 + people++}`
    expect(await passage().user.create(newUser({ phone }))).toMatchObject({ email: '', phone })
  })

  it('user.create({ email, phone }): refused, because a user has one identifier (case I2)', async () => {
    const both = { email: newEmail(), phone: '+15005550001' }
    await expect(passage().user.create(both)).rejects.toMatchObject(refused(400, 'invalid_request'))
  })

  it('user.get(id): the user with their passkeys (case I3)', async () => {
    const { user_id } = await signUp()
    const user = await passage().user.get(user_id)
    expect(user).toMatchObject({
      id: user_id,
      login_count: 1,
      webauthn: true,
      webauthn_types: ['passkey'],
      webauthn_devices: [{ type: 'passkey', created_at: expect.any(Date) }],
      recent_events: [],
    })
    await expect(passage().user.get('nobody')).rejects.toMatchObject(refused(404, 'user_not_found'))
  })

  it('user.update(id, { email, user_metadata }): the changed user (case I2)', async () => {
    const { user_id } = await signUp()
    const email = newEmail()
    const change = { email, user_metadata: { plan: 'pro' } }
    expect(await passage().user.update(user_id, change)).toMatchObject(change)
    expect(await passage().user.get(user_id)).toMatchObject(change)
  })

  it('user.update(id, { phone }) of a user with an e-mail address: refused (case I2)', async () => {
    const { user_id } = await signUp()
    await expect(passage().user.update(user_id, { phone: '+15005550002' })).rejects.toMatchObject(
      refused(400, 'invalid_request'),
    )
  })

  it('user.deactivate(id), user.activate(id): the user; a deactivated user has no session', async () => {
    const { user_id, refresh_token } = await signUp()
    expect(await passage().user.deactivate(user_id)).toMatchObject({ status: 'inactive' })
    expect((await refresh(refresh_token)).status).toBe(401)
    expect(await passage().user.activate(user_id)).toMatchObject({ status: 'active' })
  })

  it('user.listDevices(id), user.revokeDevice(id, device): the passkeys, and true', async () => {
    const { user_id } = await signUp()
    const [device, ...others] = await passage().user.listDevices(user_id)
    expect([device!.type, others]).toEqual(['passkey', []])
    expect(await passage().user.revokeDevice(user_id, device!.id)).toBe(true)
    expect(await passage().user.listDevices(user_id)).toEqual([])
    await expect(passage().user.revokeDevice(user_id, device!.id)).rejects.toMatchObject(
      refused(404, 'device_not_found'),
    )
  })

  it('user.signOut(id): true, and every session of the user has ended', async () => {
    const { user_id, refresh_token } = await signUp()
    expect(await passage().user.signOut(user_id)).toBe(true)
    expect((await refresh(refresh_token)).status).toBe(401)
  })

  it('user.delete(id): true, and the user is gone', async () => {
    const { user_id } = await signUp()
    expect(await passage().user.delete(user_id)).toBe(true)
    await expect(passage().user.get(user_id)).rejects.toMatchObject(refused(404, 'user_not_found'))
  })

  it('createMagicLink(…): refused, with the way out in the message', async () => {
    const link = { email: newEmail(), channel: 'email', send: true } as CreateMagicLinkRequest
    await expect(passage().createMagicLink(link)).rejects.toMatchObject(refused(403, 'operation_not_allowed'))
  })

  it('a wrong API key: refused', async () => {
    const stranger = new Passage({ appID: appId, apiKey: 'wrong' })
    await expect(stranger.user.get('nobody')).rejects.toMatchObject(refused(401, 'invalid_access_token'))
  })
})

describe('passage-node 2.12.1', () => {
  const passage = () => new Passage12({ appID: appId, apiKey: server.apiKey })

  it('auth.validateJwt(token): the id of the user', async () => {
    const { auth_token, user_id } = await server.signUp(newEmail())
    expect(await passage().auth.validateJwt(auth_token)).toBe(user_id)
  })

  it('user.getByIdentifier(identifier): the user, in any case (case I4)', async () => {
    const email = newEmail()
    const { user_id } = await server.signUp(email.toUpperCase())
    expect(await passage().user.getByIdentifier(email)).toMatchObject({ id: user_id })
    expect(await passage().user.getUserByIdentifier(email.toUpperCase())).toMatchObject({ id: user_id })
    await expect(passage().user.getByIdentifier('nobody@example.com')).rejects.toThrow('User not found.')
  })

  it('user.revokeRefreshTokens(id): true, and every session of the user has ended', async () => {
    const { user_id, refresh_token } = await server.signUp(newEmail())
    expect(await passage().user.revokeRefreshTokens(user_id)).toBe(true)
    expect((await refresh(refresh_token)).status).toBe(401)
  })

  it('auth.createMagicLink(…): refused, with the way out in the message', async () => {
    const link = { email: newEmail(), channel: 'email', type: 'login', send: true } as const
    await expect(passage().auth.createMagicLink(link)).rejects.toMatchObject({
      statusCode: 403,
      message: expect.stringContaining('let your backend open a session'),
    })
  })
})

const refresh = (refresh_token: string | undefined): Promise<Response> =>
  fetch(`${process.env['PASSAGE_SERVER']}/v1/apps/${appId}/tokens`, {
    method: 'POST',
    body: JSON.stringify({ refresh_token }),
  })
