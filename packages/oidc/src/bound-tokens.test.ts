import { createAuthFetch, createTokenManager, memoryStore, sendProof, withProof } from '@tokenkeep/core'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { openBrowser } from '../test/open-browser.ts'
import { openProvider, type TestProvider } from '../test/open-provider.ts'

// Tokens that a real oidc-provider binds to a key of the client (DPoP, RFC 9449).

let ahead = 0
beforeEach(() => {
  const { now } = Date
  vi.spyOn(Date, 'now').mockImplementation(() => now() + ahead)
})
afterEach(() => vi.restoreAllMocks())

async function signIn(provider: TestProvider) {
  const browser = openBrowser(provider.issuer)
  const before = browser.tab()
  await before.provider.signInWithRedirect()
  const tab = browser.tab(await provider.visit(before.left[0]!))
  const auth = createTokenManager({
    transport: withProof(tab.provider.transport),
    storage: memoryStore(),
  })
  onTestFinished(() => auth.dispose())
  await tab.provider.completeSignIn(auth)
  const refresh = async (): Promise<string> => {
    const rejected = await auth.getAuthToken()
    ahead += 10_000
    return auth.getAuthToken({ rejected })
  }
  return { auth, refresh }
}

describe.each([
  ['without nonces', { enabled: true }],
  ['that requires nonces', { enabled: true, nonceSecret: Buffer.alloc(32, 7), requireNonce: () => true }],
] as const)('a provider %s', (_, dPoP) => {
  it('binds the tokens of a refresh, and its API takes them with a proof only', async () => {
    const provider = await openProvider({ features: { dPoP } })
    const { auth, refresh } = await signIn(provider)
    const plain = await auth.getAuthToken()
    const me = `${provider.issuer}/me`
    const bearer = (token: string) => fetch(me, { headers: { authorization: `Bearer ${token}` } })
    expect((await bearer(plain)).status).toBe(200)

    const bound = await refresh()
    expect(auth.session()).toMatchObject({ dpop: { isBound: true } })
    expect((await bearer(bound)).status).toBe(401)
    const authFetch = createAuthFetch(auth, { origins: [provider.issuer], proof: sendProof })
    const answer = await authFetch(me)
    expect([answer.status, await answer.json()]).toMatchObject([200, { sub: 'ada' }])
    expect((await authFetch(me, { method: 'POST' })).status).toBe(200)

    expect(await refresh()).not.toBe(bound)
    expect((await authFetch(me)).status).toBe(200)
    await auth.signOut()
    // Only the first refresh was asked for a nonce.
    expect(provider.errors).toEqual('requireNonce' in dPoP ? ['use_dpop_nonce'] : [])
  })
})

it('a provider without DPoP works as before', async () => {
  const provider = await openProvider({ features: { dPoP: { enabled: false } } })
  const { auth, refresh } = await signIn(provider)
  const token = await refresh()
  expect(auth.session()).toMatchObject({ dpop: { isBound: false } })
  const authFetch = createAuthFetch(auth, { origins: [provider.issuer], proof: sendProof })
  expect((await authFetch(`${provider.issuer}/me`)).status).toBe(200)
  expect(await refresh()).not.toBe(token)
})
