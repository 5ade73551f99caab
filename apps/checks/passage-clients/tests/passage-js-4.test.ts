import { Passage } from 'passage-js-4.1.2'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { appId, origin, startPassageServer, type PassageServer } from './server.ts'
import { MemoryTokenStore } from './token-store.ts'

let server: PassageServer
beforeAll(async () => {
  server = await startPassageServer()
})
afterAll(() => server.stop())

let people = 0
/** With a plus sign, which a query must encode (supertokens/supertokens-core #1148). */
const newEmail = (): string => `person+${people++}@example.com`

describe('passage-js 4.1.2', () => {
  const signedIn = async (email = newEmail()) => {
    const result = await server.signUp(email)
    const tokenStore = new MemoryTokenStore(result)
    const { session, currentUser } = new Passage(appId, { tokenStore })
    return { result, tokenStore, session, currentUser }
  }
  const signedOut = () => new Passage(appId, { tokenStore: new MemoryTokenStore() })
  const expire = async (work: () => Promise<void>) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 301_000 })
    await work().finally(() => vi.useRealTimers())
  }

  it('app.info(): what the element needs', async () => {
    expect(await signedOut().app.info()).toMatchObject({
      id: appId,
      authOrigin: origin,
      publicSignup: true,
      requireEmailVerification: false,
      userMetadataSchema: [{ fieldName: 'newsletter', profile: true, registration: false }],
      layouts: { registration: [], profile: [{ id: 'newsletter' }] },
      authMethods: { passkeys: {} },
    })
  })

  it('app.userExists(identifier): the user, or null (case I1)', async () => {
    const email = newEmail()
    const { user_id } = await server.signUp(email)
    expect(await signedOut().app.userExists(email)).toMatchObject({
      id: user_id,
      email,
      webauthnTypes: ['passkey'],
    })
    expect(await signedOut().app.userExists(newEmail())).toBeNull()
  })

  it('app.createUser(identifier): a pending user, and nothing stored (case I1)', async () => {
    const email = newEmail()
    expect(await signedOut().app.createUser(email)).toMatchObject({ status: 'pending', email })
    expect(await signedOut().app.userExists(email)).toBeNull()
  })

  it('app.createUser(identifier, metadata): refused, because nothing is stored yet', async () => {
    await expect(signedOut().app.createUser(newEmail(), { plan: 'pro' })).rejects.toMatchObject({
      statusCode: 400,
    })
  })

  it('session.getAuthToken(): the token, renewed once if it has expired', async () => {
    const { session, result, tokenStore } = await signedIn()
    expect(await session.getAuthToken()).toBe(result.auth_token)
    await expire(async () => {
      const tokens = await Promise.all(Array.from({ length: 5 }, () => session.getAuthToken()))
      expect(new Set(tokens)).toEqual(new Set([tokenStore.auth]))
      expect(tokenStore.auth).not.toBe(result.auth_token)
    })
  })

  it('session.refresh(): new tokens', async () => {
    const { session, result } = await signedIn()
    const refreshed = await session.refresh()
    expect(refreshed).toMatchObject({
      authToken: expect.any(String),
      redirectUrl: `${origin}/home`,
      refreshTokenExpiration: result.refresh_token_expiration,
    })
    expect(refreshed.refreshToken).not.toBe(result.refresh_token)
  })

  it('session.signOut(): true, and the session has ended', async () => {
    const { session, tokenStore, result } = await signedIn()
    expect(await session.signOut()).toBe(true)
    tokenStore.refresh = result.refresh_token
    // An ended session is a success too: there is nothing to end.
    expect(await session.signOut()).toBe(true)
  })

  it('session.authGuard(): whether somebody is signed in', async () => {
    expect(await (await signedIn()).session.authGuard()).toBe(true)
    expect(await signedOut().session.authGuard()).toBe(false)
  })

  it('currentUser.userInfo(): the user', async () => {
    const email = newEmail()
    const { currentUser, result } = await signedIn(email)
    expect(await currentUser.userInfo()).toMatchObject({
      id: result.user_id,
      email,
      createdAt: expect.any(String),
      webauthnDevices: [{ type: 'passkey', icons: { light: null } }],
    })
  })

  it('currentUser.passkeys(), editPasskey(id, name): the passkeys, and one with its new name (case I10)', async () => {
    const { currentUser } = await signedIn()
    const [passkey] = await currentUser.passkeys()
    expect(passkey).toMatchObject({ type: 'passkey', usageCount: 0, lastLoginAt: expect.any(String) })
    expect(await currentUser.editPasskey(passkey!.id, 'Phone')).toMatchObject({ friendlyName: 'Phone' })
  })

  it('currentUser.deletePasskey(passkey) of the only one: refused with 409', async () => {
    const { currentUser } = await signedIn()
    const [passkey] = await currentUser.passkeys()
    await expect(currentUser.deletePasskey(passkey!)).rejects.toMatchObject({ statusCode: 409 })
  })

  it('currentUser.metadata(), updateMetadata(…): the fields that the app allows (case I10)', async () => {
    const { currentUser } = await signedIn()
    expect(await currentUser.updateMetadata({ newsletter: true })).toMatchObject({
      userMetadata: { newsletter: true },
    })
    expect(await currentUser.metadata()).toEqual({ newsletter: true })
    await expect(currentUser.updateMetadata({ role: 'admin' })).rejects.toMatchObject({ statusCode: 403 })
  })

  it('currentUser.changeEmail(…), changePhone(…): refused with 403 and the way out', async () => {
    const { currentUser } = await signedIn()
    const refused = { statusCode: 403, message: expect.stringContaining('let your backend change') }
    await expect(currentUser.changeEmail(newEmail())).rejects.toMatchObject(refused)
    await expect(currentUser.changePhone('+15005550001')).rejects.toMatchObject(refused)
  })

  it('currentUser.listSocialConnections(), deleteSocialConnection(…): none, and refused with 404', async () => {
    const { currentUser } = await signedIn()
    expect(await currentUser.listSocialConnections()).toEqual({})
    await expect(currentUser.deleteSocialConnection('google' as never)).rejects.toMatchObject({
      statusCode: 404,
    })
  })

  it('magicLink.login(…), oneTimePasscode.login(…) and all like them: refused with 403 (case I9)', async () => {
    // A request for a magic link names the page.
    vi.stubGlobal('window', { location: new URL(origin) })
    const { magicLink, oneTimePasscode } = signedOut()
    const refused = { statusCode: 403 }
    await expect(magicLink.login(newEmail())).rejects.toMatchObject(refused)
    await expect(magicLink.register(newEmail())).rejects.toMatchObject(refused)
    await expect(magicLink.status('id')).rejects.toMatchObject(refused)
    await expect(magicLink.activate('link')).rejects.toMatchObject(refused)
    await expect(oneTimePasscode.login(newEmail())).rejects.toMatchObject(refused)
    await expect(oneTimePasscode.register(newEmail())).rejects.toMatchObject(refused)
    await expect(oneTimePasscode.activate('123456', 'id')).rejects.toMatchObject(refused)
    vi.unstubAllGlobals()
  })

  // Last: this version keeps its lock after a failed refresh, so every later call in the same program waits for ever.
  it('session.refresh() of an ended session: the error of the server', async () => {
    const { session, result } = await signedIn()
    await server.manage('DELETE', `/users/${result.user_id}/tokens`)
    await expect(session.refresh()).rejects.toMatchObject({ statusCode: 401 })
  })
})
