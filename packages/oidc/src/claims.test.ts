import { describe, expect, it } from 'vitest'
import { arrive } from '../test/arrive.ts'
import type { OidcOptions } from './index.ts'
import type { OidcSession } from './transport.ts'

/** A lifetime that no token has. So the next call refreshes. Seconds. */
const minValidSeconds = 100_000

/** Signs a user in whose id token has these claims, at a provider with these quirks. */
async function signIn(claims: object, options: Partial<OidcOptions> = {}, metadata = {}) {
  const tab = await arrive({ claims: { ...claims }, metadata }, {}, options)
  await tab.provider.completeSignIn(tab.auth)
  const refresh = (): Promise<string> => tab.auth.getAuthToken({ minValidSeconds })
  const claimsNow = () => {
    const { iss, ...others } = tab.auth.session()!.claims!
    expect(iss).toBe(tab.server.issuer)
    return others
  }
  return { ...tab, refresh, claimsNow }
}

describe('a session keeps', () => {
  const all = {
    name: 'Ada',
    roles: ['admin'],
    groups: ['g1'],
    'https://shop.example/plan': 'gold',
    sid: 's1',
  }

  it('a few claims by default, and none that only the sign-in needs', async () => {
    const { claimsNow } = await signIn(all)
    expect(claimsNow()).toEqual({ name: 'Ada', roles: ['admin'], sub: 'ada', sid: 's1' })
  })

  it('the claims that are named (case O35)', async () => {
    const { claimsNow } = await signIn(all, {
      claims: ['groups', 'https://shop.example/plan', 'constructor'],
    })
    expect(claimsNow()).toEqual({
      groups: ['g1'],
      'https://shop.example/plan': 'gold',
      sub: 'ada',
      sid: 's1',
    })
  })

  it('what a function returns, which cannot replace the user', async () => {
    const claims: OidcOptions['claims'] = ({ roles }) => ({
      sub: 'bob',
      isAdmin: [roles].flat().includes('admin'),
    })
    const { claimsNow } = await signIn(all, { claims })
    expect(claimsNow()).toEqual({ isAdmin: true, sub: 'ada', sid: 's1' })
  })

  it.for<[string, Partial<OidcOptions>, object, boolean]>([
    ['the provider has an address for it', {}, { end_session_endpoint: 'https://id.example/end' }, true],
    ['the provider has no address for it', {}, {}, false],
    [
      'the provider has a dialect of its own',
      { signOut: { endpoint: 'https://id.example/logout', returnParameter: 'returnTo' } },
      { end_session_endpoint: 'https://id.example/end' },
      false,
    ],
  ])('the id token only if the sign-out needs it: %s (case O31)', async ([, options, metadata, isKept]) => {
    const { auth, refresh } = await signIn({}, options, metadata)
    const idToken = (): string | undefined => (auth.session() as OidcSession).idToken
    expect(idToken() !== undefined).toBe(isKept)
    const first = idToken()
    await refresh()
    expect(idToken()).toBe(first)
  })
})

describe('a refresh', () => {
  it('brings new claims, and takes away those that are gone (case O25)', async () => {
    // authts/oidc-client-ts#790 merges old and new, so a name becomes a list of names. damienbod/angular-auth-oidc-client#1263
    // and #1900 keep the old ones. manfredsteyer/angular-oauth2-oidc#580 keeps roles that are gone.
    const { server, refresh, claimsNow } = await signIn({ name: 'Ada', picture: 'one', roles: ['admin'] })
    server.quirks = { claims: { name: 'Ada Ärzte', picture: 'two' } }
    await refresh()
    expect(claimsNow()).toEqual({ name: 'Ada Ärzte', picture: 'two', sub: 'ada' })
  })

  it('without an id token keeps the claims (case O25)', async () => {
    const { server, refresh, claimsNow } = await signIn({ name: 'Ada' })
    const before = claimsNow()
    server.quirks = { tokens: { id_token: undefined } }
    await refresh()
    expect(claimsNow()).toEqual(before)
  })

  it.for<[string, object]>([
    ['another user', { sub: 'bob' }],
    ['another issuer', { iss: 'https://other.example' }],
    ['another client', { aud: 'other' }],
    ['no client', { aud: undefined }],
  ])('with an id token for %s ends the session (case O26)', async ([, claims]) => {
    const { auth, server, refresh } = await signIn({ name: 'Ada' })
    server.quirks = { claims: { name: 'Bob', ...claims } }
    await expect(refresh()).rejects.toMatchObject({ code: 'sign-in-required' })
    expect(auth.get()).toMatchObject({ status: 'signed-out', reason: 'revoked' })
  })

  it('with an id token for several clients is for this one too', async () => {
    const { server, refresh, claimsNow } = await signIn({ name: 'Ada' })
    server.quirks = { claims: { name: 'Ada 2', aud: ['other', 'shop'] } }
    await refresh()
    expect(claimsNow()).toMatchObject({ name: 'Ada 2' })
  })

  it('keeps its new tokens even if the function of the app cannot read the claims', async () => {
    const claims: OidcOptions['claims'] = ({ groups }) => ({ first: (groups as string[])[0]!.toUpperCase() })
    const { auth, server, refresh, claimsNow } = await signIn({ groups: ['g1'] }, { claims })
    server.quirks = { tokens: { access_token: 'at2', refresh_token: 'rt2' } }
    await expect(refresh()).resolves.toBe('at2')
    expect([claimsNow(), auth.get().status]).toEqual([{ first: 'G1', sub: 'ada' }, 'valid'])
    await refresh()
    expect(server.exchanged.at(-1)!.get('refresh_token')).toBe('rt2')
  })
})

it('another user who signs in gets nothing of the one before (case O26)', async () => {
  const { auth, provider, server, left, claimsNow } = await signIn({ name: 'Ada', roles: ['admin'] })
  await provider.signInWithRedirect()
  server.quirks = { claims: { sub: 'bob' } }
  await provider.completeSignIn(auth, { url: server.visit(left[0]!) })
  expect(claimsNow()).toEqual({ sub: 'bob' })
})
