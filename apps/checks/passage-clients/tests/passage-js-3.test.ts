import { Passage as Passage14 } from 'passage-js-3.14.6'
import { Passage as Passage5 } from 'passage-js-3.5.0'
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

const clients = [
  { name: 'passage-js 3.5.0', Passage: Passage5, sharesRefresh: false },
  { name: 'passage-js 3.14.6', Passage: Passage14, sharesRefresh: true },
]

describe.each(clients)('$name', ({ Passage, sharesRefresh }) => {
  const signedIn = async (email = newEmail()) => {
    const result = await server.signUp(email)
    const tokenStore = new MemoryTokenStore(result)
    const passage = new Passage(appId, { tokenStore })
    return {
      result,
      tokenStore,
      passage,
      session: passage.getCurrentSession(),
      user: passage.getCurrentUser(),
    }
  }
  const signedOut = () => new Passage(appId, { tokenStore: new MemoryTokenStore() })
  /** Moves the clock of both sides past the end of the auth token. */
  const expire = async (work: () => Promise<void>) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 301_000 })
    await work().finally(() => vi.useRealTimers())
  }

  it('appInfo(): what the element needs', async () => {
    expect(await signedOut().appInfo()).toMatchObject({
      id: appId,
      name: 'Shop',
      auth_origin: origin,
      public_signup: true,
      layouts: { registration: [] },
      auth_fallback_method: 'none',
    })
  })

  it('identifierExists(identifier): the user, or null (case I1)', async () => {
    const email = newEmail()
    await server.signUp(email)
    expect(await signedOut().identifierExists(email)).toMatchObject({ hasPasskey: true, status: 'active' })
    expect(await signedOut().identifierExists(newEmail())).toBeNull()
  })

  it('createUser({ identifier }): a pending user, and nothing stored (case I1)', async () => {
    const identifier = newEmail()
    expect(await signedOut().createUser({ identifier })).toMatchObject({ status: 'pending' })
    expect(await signedOut().identifierExists(identifier)).toBeNull()
  })

  it('getCurrentSession().getAuthToken(): the token, renewed if it has expired', async () => {
    const { session, result, tokenStore } = await signedIn()
    expect(await session.getAuthToken()).toBe(result.auth_token)
    await expire(async () => {
      const token = await session.getAuthToken()
      expect(token).not.toBe(result.auth_token)
      expect([tokenStore.auth, tokenStore.refresh === result.refresh_token]).toEqual([token, false])
    })
  })

  it('getCurrentSession().getAuthToken() five times at once: no session is lost', async () => {
    const { session } = await signedIn()
    await expire(async () => {
      const tokens = await Promise.allSettled(Array.from({ length: 5 }, () => session.getAuthToken()))
      const got = tokens.filter(({ status }) => status === 'fulfilled')
      // 3.5.0 sends five requests. The server answers each of them, because they come at the same time.
      expect(got).toHaveLength(5)
      if (sharesRefresh) expect(new Set(tokens.map((each) => JSON.stringify(each))).size).toBe(1)
      expect(await session.refresh()).toMatchObject({ auth_token: expect.any(String) })
    })
  })

  it('getCurrentSession().refresh(): new tokens with an absolute expiration (case I6)', async () => {
    const { session, result } = await signedIn()
    const refreshed = await session.refresh()
    expect(refreshed).toMatchObject({
      auth_token: expect.any(String),
      redirect_url: `${origin}/home`,
      refresh_token_expiration: result.refresh_token_expiration,
    })
    expect(refreshed.refresh_token).not.toBe(result.refresh_token)
  })

  it('getCurrentSession().refresh() of an ended session: 704', async () => {
    const { session, result } = await signedIn()
    await server.manage('DELETE', `/users/${result.user_id}/tokens`)
    await expect(session.refresh()).rejects.toMatchObject({ name: 'PassageError', statusCode: 704 })
  })

  it('getCurrentSession().signOut(): true, and the session has ended', async () => {
    const { session, tokenStore, result } = await signedIn()
    expect(await session.signOut()).toBe(true)
    expect(tokenStore.refresh).toBeUndefined()
    tokenStore.refresh = result.refresh_token
    await expect(session.refresh()).rejects.toMatchObject({ statusCode: 704 })
    expect(await session.signOut()).toBe(true)
  })

  it('getCurrentSession().authGuard(): whether somebody is signed in', async () => {
    const { session } = await signedIn()
    expect(await session.authGuard()).toBe(true)
    expect(await signedOut().getCurrentSession().authGuard()).toBe(false)
  })

  it('getCurrentUser().userInfo(): the user', async () => {
    const email = newEmail()
    const { user, result } = await signedIn(email)
    expect(await user.userInfo()).toMatchObject({
      id: result.user_id,
      email,
      webauthn_devices: [{ type: 'passkey' }],
      webauthn_types: ['passkey'],
      user_metadata: {},
    })
  })

  it('getCurrentUser().listDevices(): the passkeys', async () => {
    const { user } = await signedIn()
    expect(await user.listDevices()).toMatchObject([{ type: 'passkey', cred_id: expect.any(String) }])
  })

  it('getCurrentUser().editDevice(id, { friendly_name }): the passkey with its new name (case I10)', async () => {
    const { user } = await signedIn()
    const [device] = await user.listDevices()
    expect(await user.editDevice(device!.id, { friendly_name: 'Phone' })).toMatchObject({
      id: device!.id,
      friendly_name: 'Phone',
    })
  })

  it('getCurrentUser().deleteDevice(id) of the only passkey: refused with 409', async () => {
    const { user } = await signedIn()
    const [device] = await user.listDevices()
    await expect(user.deleteDevice(device!.id)).rejects.toMatchObject({
      statusCode: 409,
      message: expect.stringContaining('only passkey'),
    })
  })

  it('getCurrentUser().getMetadata(), updateMetadata(…): the fields that the app allows (case I10)', async () => {
    const { user } = await signedIn()
    expect(await user.updateMetadata({ newsletter: true })).toMatchObject({
      user_metadata: { newsletter: true },
    })
    expect(await user.getMetadata()).toEqual({ newsletter: true })
    await expect(user.updateMetadata({ role: 'admin' })).rejects.toMatchObject({ statusCode: 403 })
  })

  it('getCurrentUser().changeEmail(…), changePhone(…): refused with 403 and the way out', async () => {
    const { user } = await signedIn()
    const refused = { statusCode: 403, message: expect.stringContaining('let your backend change') }
    await expect(user.changeEmail(newEmail())).rejects.toMatchObject(refused)
    await expect(user.changePhone('+15005550001')).rejects.toMatchObject(refused)
  })

  it('newLoginMagicLink(…), newLoginOneTimePasscode(…) and all like them: refused with 403 (case I9)', async () => {
    // A request for a magic link names the page.
    vi.stubGlobal('window', { location: new URL(origin) })
    const passage = signedOut()
    const refused = { name: 'PassageError', statusCode: 403 }
    await expect(passage.newLoginMagicLink(newEmail())).rejects.toMatchObject(refused)
    await expect(passage.newRegisterMagicLink(newEmail())).rejects.toMatchObject(refused)
    await expect(passage.newLoginOneTimePasscode(newEmail())).rejects.toMatchObject(refused)
    await expect(passage.newRegisterOneTimePasscode(newEmail())).rejects.toMatchObject(refused)
    await expect(passage.oneTimePasscodeActivate('123456', 'id')).rejects.toMatchObject(refused)
    await expect(passage.getMagicLinkStatus('id')).rejects.toMatchObject(refused)
    await expect(passage.magicLinkActivate('link')).rejects.toMatchObject(refused)
    vi.unstubAllGlobals()
  })
})

describe('passage-js 3.5.0', () => {
  it('magicLinkActivateWebAuthnLogin(…), magicLinkActivateWebAuthnNewDevice(…): refused with 403 (case I9)', async () => {
    const passage = new Passage5(appId, { tokenStore: new MemoryTokenStore() })
    const refused = { name: 'PassageError', statusCode: 403 }
    await expect(passage.magicLinkActivateWebAuthnLogin('link')).rejects.toMatchObject(refused)
    await expect(passage.magicLinkActivateWebAuthnNewDevice('link')).rejects.toMatchObject(refused)
  })
})

describe('passage-js 3.14.6', () => {
  it('getCurrentUser().listSocialConnections(), deleteSocialConnection(…): none, and refused with 404', async () => {
    const tokenStore = new MemoryTokenStore(await server.signUp(newEmail()))
    const user = new Passage14(appId, { tokenStore }).getCurrentUser()
    expect(await user.listSocialConnections()).toEqual({})
    await expect(user.deleteSocialConnection('google' as never)).rejects.toMatchObject({ statusCode: 404 })
  })
})
