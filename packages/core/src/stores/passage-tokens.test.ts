import { beforeEach, describe, expect, it, vi } from 'vitest'
import { expireToken, pass, signedIn, tabs, until } from '../../test/each-test.ts'
import { serverUrl } from '../../test/tabs.ts'
import { lifetime } from '../../test/tokens.ts'
import { sessionServer } from '../transports/session-server.ts'
import { withPassageTokens } from './passage-tokens.ts'

const passage = new Map<string, string>()
const transport = sessionServer({ url: serverUrl, appId: 'app' })

beforeEach(() => {
  passage.clear()
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => passage.get(name) ?? null,
    removeItem: (name: string) => passage.delete(name),
  })
  vi.stubGlobal('document', { cookie: '' })
})

/** Leaves tokens in `localStorage`, as Passage's client does. */
const leave = (authToken: string, refreshToken?: string): void => {
  passage.set('psg_auth_token', authToken)
  if (refreshToken) passage.set('psg_refresh_token', refreshToken)
}
const create = () => tabs.create({ storage: withPassageTokens(tabs.storage, transport) })
const sentTokens = () => tabs.refreshes.map(({ body }) => body['refresh_token'])

describe('the session that Passage’s client left', () => {
  it('is taken over once, and its keys and its cookie are removed', async () => {
    const { auth_token, refresh_token } = tabs.server.signIn()
    leave(auth_token, refresh_token)
    const auth = create()
    await until(auth, 'valid')
    expect(await auth.getAuthToken()).toBe(auth_token)
    expect(passage.size).toBe(0)
    expect(document.cookie).toBe('psg_auth_token=; path=/; max-age=0')
    await expireToken()
    await auth.getAuthToken()
    expect(sentTokens()).toEqual([refresh_token])
  })

  it('does not replace a session of this library', async () => {
    const ours = await tabs.open()
    await ours.signIn(tabs.server.signIn('u2'))
    const { auth_token, refresh_token } = tabs.server.signIn()
    leave(auth_token, refresh_token)
    const auth = create()
    await until(auth, 'valid')
    expect(auth.session()?.userId).toBe('u2')
    expect(passage.size).toBe(0)
  })

  it('does not replace a sign-out', async () => {
    const ours = await signedIn()
    await ours.signOut()
    const { auth_token, refresh_token } = tabs.server.signIn()
    leave(auth_token, refresh_token)
    const auth = create()
    await until(auth, 'signed-out')
    expect(passage.size).toBe(0)
  })

  it('is refreshed at its first use if its auth token has expired', async () => {
    const { auth_token, refresh_token } = tabs.server.signIn()
    await pass(lifetime * 1000 + 1000)
    leave(auth_token, refresh_token)
    const auth = create()
    expect(await auth.getAuthToken()).not.toBe(auth_token)
    expect(sentTokens()).toEqual([refresh_token])
  })

  it('is taken over without a refresh token as well, and ends with its auth token', async () => {
    const { auth_token } = tabs.server.signIn()
    leave(auth_token)
    const auth = create()
    await until(auth, 'valid')
    expect(auth.session()?.renewable).toBe(false)
    expect(passage.size).toBe(0)
    await expireToken()
    await expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'sign-in-required' })
  })

  it('is ignored if its auth token is not a JWT', async () => {
    leave('nonsense', 'rt')
    await until(create(), 'signed-out')
  })
})
