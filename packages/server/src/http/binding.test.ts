import type { AuthResult } from '@tokenkeep/protocol'
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAuthenticator } from '../../test/authenticator.ts'
import { createClientKey, type ClientKey, type ProofChange } from '../../test/client-key.ts'
import { origin, startServer, type TestServer } from '../../test/server.ts'
import { places } from '../../test/stores.ts'
import { claimsOf } from '../../test/world.ts'
import { openDatabase } from '../store/store.ts'
import { sql } from '../store/database.ts'

// Sessions that are bound to a key of their client (DPoP, RFC 9449), over HTTP.

interface Refresh extends ProofChange {
  readonly key?: ClientKey | undefined
  readonly retryId?: string
  /** The proof as it is sent, instead of one that `key` makes. */
  readonly proof?: string
  readonly headers?: Record<string, string>
}

describe.each(places)('a bound session on $name', ({ make }) => {
  let server: TestServer
  let place: Awaited<ReturnType<typeof make>>
  let now = Date.now()
  beforeAll(async () => {
    place = await make()
    const limits = { failuresPerAddress: 1e6, signUpsPerAddress: 1e6 }
    server = await startServer({ limits, now: () => now }, {}, place.url)
  })
  afterAll(async () => {
    await server.stop()
    place.remove()
  })
  const set = async (settings: object): Promise<void> =>
    expect((await server.manage('PATCH', '/settings', settings)).status).toBe(200)
  beforeEach(() => set({ binding: 'preferred' }))

  const url = (): string => `${server.url}/v1/apps/demo/tokens`
  const refresh = async (
    token: string | undefined,
    { key, retryId, proof, headers, ...change }: Refresh = {},
  ) => {
    const dpop = proof ?? (await key?.prove('POST', url(), { at: now, ...change }))
    return server.refresh(token, {
      ...headers,
      ...(dpop !== undefined && { dpop }),
      ...(retryId !== undefined && { 'idempotency-key': retryId }),
    })
  }
  const resultOf = async (response: Response): Promise<AuthResult> => {
    const { auth_result } = (await response.json()) as { auth_result?: AuthResult }
    expect([response.status, auth_result]).toEqual([201, expect.anything()])
    return auth_result!
  }
  const isCoded = async (response: Response, code: string, status = 400): Promise<void> =>
    expect([response.status, await response.json()]).toEqual([status, expect.objectContaining({ code })])
  const eventsOf = async (session: string) => {
    const listed = await server.manage('GET', `/events?session_id=${session}&limit=20`)
    const { events } = (await listed.json()) as { events: { type: string; data?: object }[] }
    return events.filter(({ type }) => type !== 'sign-in').map(({ type, data }) => ({ type, data }))
  }
  /** Opens a session that is bound from the start. */
  const signIn = async (key: ClientKey): Promise<AuthResult> => {
    const { user } = (await (
      await server.manage('POST', '/users', { identifier: crypto.randomUUID() })
    ).json()) as { user: { id: string } }
    const opened = await server.manage('POST', `/users/${user.id}/sessions`, { jkt: key.jkt })
    return ((await opened.json()) as { auth_result: AuthResult }).auth_result
  }
  const isAlive = async (token: string | undefined, key: ClientKey): Promise<void> =>
    void (await resultOf(await refresh(token, { key })))

  it('is bound by its first refresh with a proof, and stays bound if the setting changes', async () => {
    const key = await createClientKey()
    const { result, userId } = await server.signIn()
    expect(result).not.toHaveProperty('token_type')
    expect(claimsOf(result.auth_token)).not.toHaveProperty('cnf')
    const bound = await resultOf(await refresh(result.refresh_token, { key }))
    expect(bound).toMatchObject({ token_type: 'DPoP', refresh_token: expect.stringMatching(/^rt2\./) })
    expect(claimsOf(bound.auth_token)).toMatchObject({ cnf: { jkt: key.jkt } })
    const listed = await server.manage('GET', `/users/${userId}/sessions`)
    expect(await listed.json()).toMatchObject({ sessions: [{ jkt: key.jkt }] })

    await set({ binding: 'off' })
    await isCoded(await refresh(bound.refresh_token), 'invalid_dpop_proof')
    await isAlive(bound.refresh_token, key)
    // Other clients are not bound, and their proofs are ignored.
    const other = await server.signIn()
    const plain = await resultOf(await refresh(other.result.refresh_token, { key, claims: { htu: 'x' } }))
    expect(plain.refresh_token).toMatch(/^rt1\./)
    expect(claimsOf(plain.auth_token)).not.toHaveProperty('cnf')
  })

  it('T02, T03, T04, T07: its token is worth nothing without the key, and its first use is noticed', async () => {
    const key = await createClientKey()
    const thief = await createClientKey()
    const first = await signIn(key)
    const second = await resultOf(await refresh(first.refresh_token, { key, retryId: 'a1' }))
    const uses: Refresh[] = [
      {},
      { retryId: 'x' },
      { retryId: 'a1' },
      { key: thief },
      { key: thief, retryId: 'a1' },
    ]
    for (const stolen of [first, second])
      for (const use of uses)
        // oxlint-disable-next-line no-await-in-loop -- One after the other, as a thief would.
        await isCoded(await refresh(stolen.refresh_token, use), 'invalid_dpop_proof')
    // Once an hour, however often he tries. The session lives: else a line of a log could sign its owner out.
    expect(await eventsOf(first.session_id)).toEqual([{ type: 'stolen-token', data: { brought: 'no-key' } }])
    now += 3_600_001
    await isCoded(await refresh(first.refresh_token, { key: thief }), 'invalid_dpop_proof')
    expect((await eventsOf(first.session_id))[0]).toEqual({
      type: 'stolen-token',
      data: { brought: 'another-key' },
    })
    await isAlive(second.refresh_token, key)
  })

  it('T02: writes and reads nothing in the sessions for a token without its key', async () => {
    const key = await createClientKey()
    const { refresh_token } = await signIn(key)
    await isCoded(await refresh(refresh_token), 'invalid_dpop_proof')
    server.database.down = true
    // The alarm of this hour is written, so nothing else needs the database.
    await isCoded(await refresh(refresh_token), 'invalid_dpop_proof').finally(() => {
      server.database.down = false
    })
  })

  it('T05: a replayed request gets nothing without a new proof, and with one only its owner’s successor', async () => {
    const key = await createClientKey()
    const { refresh_token } = await signIn(key)
    const proof = await key.prove('POST', url(), { at: now })
    const next = await resultOf(await refresh(refresh_token, { proof, retryId: 'a1' }))
    const replayed = await refresh(refresh_token, { proof, retryId: 'a1' })
    await isCoded(replayed, 'use_dpop_nonce')
    // An honest client whose network sent the request twice goes on by itself.
    const nonce = replayed.headers.get('dpop-nonce')!
    const again = await resultOf(await refresh(refresh_token, { key, nonce, retryId: 'a1' }))
    expect(again.refresh_token).toBe(next.refresh_token)
  })

  it('T08, T09: a record without the key is worth nothing, however far it is ahead', async () => {
    const key = await createClientKey()
    const { refresh_token } = await signIn(key)
    const next = await resultOf(await refresh(refresh_token, { key, retryId: 'a1' }))
    for (const id of ['a2', 'a3'])
      await isCoded(await refresh(next.refresh_token, { retryId: id }), 'invalid_dpop_proof')
    await isAlive(next.refresh_token, key)
  })

  it('T12, T13: a copy with the key is served, and leaves one event', async () => {
    const key = await createClientKey()
    const first = await signIn(key)
    let token = first.refresh_token
    for (let i = 0; i < 12; i++)
      token = (await resultOf(await refresh(token, { key, retryId: `owner-${i}` }))).refresh_token
    const copy = await resultOf(await refresh(first.refresh_token, { key, retryId: 'copy-1' }))
    expect(copy.refresh_token).toBe(token)
    await resultOf(await refresh(first.refresh_token, { key, retryId: 'copy-2' }))
    expect(await eventsOf(first.session_id)).toEqual([{ type: 'forked', data: { behind: 12 } }])
    await isAlive(token, key)
  })

  it('T14, T21: in a cookie that falls back, any of its own tokens and ids work with the key', async () => {
    const key = await createClientKey()
    const first = await signIn(key)
    const ask = async (cookie: string, retryId: string) => {
      const headers = {
        origin,
        'tokenkeep-session': 'cookie',
        cookie: `tokenkeep-demo=${cookie}`,
        'idempotency-key': retryId,
        dpop: await key.prove('POST', url(), { at: now }),
      }
      const response = await server.ask('POST', '/tokens', { headers })
      expect(response.status).toBe(201)
      return /=(rt2\.[\w-]+)/.exec(response.headers.getSetCookie()[0]!)![1]!
    }
    const second = await ask(first.refresh_token!, 'a1')
    const third = await ask(second, 'a2')
    expect(await ask(first.refresh_token!, 'a3')).toBe(third)
    await ask(third, 'a1')
    expect((await refresh(third, { headers: { origin } })).status).toBe(400)
  })

  it('T15, T16: its auth token is no bearer token, and each proof is for one request', async () => {
    const key = await createClientKey()
    const thief = await createClientKey()
    const { auth_token: token } = await signIn(key)
    const me = `${server.url}/v1/apps/demo/currentuser`
    const ask = (scheme: string, dpop?: string) =>
      server.ask('GET', '/currentuser', {
        headers: { authorization: `${scheme} ${token}`, ...(dpop !== undefined && { dpop }) },
      })
    const right = await key.prove('GET', me, { token, at: now })
    expect((await ask('DPoP', right)).status).toBe(200)
    const refusals = [
      await ask('Bearer'),
      await ask('Bearer', await key.prove('GET', me, { token, at: now })),
      await ask('DPoP'),
      await ask('DPoP', right),
      await ask('DPoP', await thief.prove('GET', me, { token, at: now })),
      await ask('DPoP', await key.prove('GET', me, { at: now })),
      await ask('DPoP', await key.prove('GET', url(), { token, at: now })),
      await ask('DPoP', await key.prove('POST', me, { token, at: now })),
    ]
    for (const refused of refusals) await isCoded(refused, 'invalid_access_token', 401)
    expect(refusals.map(({ headers }) => headers.get('www-authenticate')?.replace(/ algs=.*/, ''))).toEqual([
      'Bearer',
      'Bearer',
      'DPoP error="invalid_dpop_proof",',
      'DPoP error="use_dpop_nonce",',
      'Bearer',
      ...Array.from({ length: 3 }, () => 'DPoP error="invalid_dpop_proof",'),
    ])
    // A token that is not bound gets no more trust by a proof.
    const plain = (await server.signIn()).result.auth_token
    const proof = await key.prove('GET', me, { token: plain, at: now })
    const unbound = { authorization: `DPoP ${plain}`, dpop: proof }
    await isCoded(await server.ask('GET', '/currentuser', { headers: unbound }), 'invalid_access_token', 401)
  })

  it('T18: two proofs, or a wrong one, end nothing and are no alarm if they name the right key', async () => {
    const key = await createClientKey()
    const { refresh_token, session_id } = await signIn(key)
    const prove = (change: ProofChange = {}) => key.prove('POST', url(), { at: now, ...change })
    const [one, two] = [await prove(), await prove()]
    for (const claims of [{ htm: 'GET' }, { htu: 'https://evil.example/' }, { jti: undefined }])
      await isCoded(await refresh(refresh_token, { key, claims }), 'invalid_dpop_proof')
    await isCoded(await refresh(refresh_token, { proof: `${one.slice(0, -6)}AAAAAA` }), 'invalid_dpop_proof')
    expect(await eventsOf(session_id)).toEqual([])
    const doubled = new Headers([
      ['dpop', one],
      ['dpop', two],
    ])
    const body = JSON.stringify({ refresh_token })
    await isCoded(await fetch(url(), { method: 'POST', headers: doubled, body }), 'invalid_dpop_proof')
    await isAlive(refresh_token, key)
  })

  it('T19: a stolen token can still end it, and the event says that there was no proof', async () => {
    const key = await createClientKey()
    const stolen = await signIn(key)
    const signOut = (refresh_token: string | undefined, headers: Record<string, string> = {}) =>
      server.ask('DELETE', '/tokens', { body: { refresh_token }, headers })
    expect((await signOut(stolen.refresh_token)).status).toBe(200)
    expect(await eventsOf(stolen.session_id)).toEqual([{ type: 'sign-out', data: { proof: 'none' } }])
    const own = await signIn(key)
    const dpop = await key.prove('DELETE', url(), { at: now })
    expect((await signOut(own.refresh_token, { dpop })).status).toBe(200)
    expect(await eventsOf(own.session_id)).toEqual([{ type: 'sign-out', data: undefined }])
    // A proof that is wrong never makes a sign-out fail.
    const late = await signIn(key)
    expect((await signOut(late.refresh_token, { dpop: 'junk' })).status).toBe(200)
    await isCoded(await refresh(late.refresh_token, { key }), 'invalid_refresh_token', 401)
  })

  it('T20: after a restore of the database, only the key continues it', async () => {
    const key = await createClientKey()
    const thief = await createClientKey()
    const { result } = await server.signIn()
    const second = await resultOf(await refresh(result.refresh_token, { key, retryId: 'a1' }))
    const database = await openDatabase(place.url)
    await database.query(sql`UPDATE sessions SET jkt = NULL, generation = 0, attempts = ${'0'.repeat(128)}
      WHERE app_id = ${'demo'} AND jkt = ${key.jkt}`)
    await isCoded(await refresh(second.refresh_token, { key: thief }), 'invalid_dpop_proof')
    await isAlive(second.refresh_token, key)
    await database.close()
  })

  it('notices a thief who binds the session before its owner does, and the other way round', async () => {
    const key = await createClientKey()
    const thief = await createClientKey()
    for (const [fast, slow] of [
      [thief, key],
      [key, thief],
    ] as const) {
      const { result } = await server.signIn()
      const next = await resultOf(await refresh(result.refresh_token, { key: fast, retryId: 'fast' }))
      const response = await refresh(result.refresh_token, { key: slow, retryId: 'slow' })
      expect([response.status, await response.json()]).toMatchObject([401, { reason: 'reused' }])
      await isCoded(await refresh(next.refresh_token, { key: fast }), 'invalid_refresh_token', 401)
    }
  })

  it('gives the owner whose answer was lost the same successor, also of the refresh that bound it', async () => {
    const key = await createClientKey()
    const { result } = await server.signIn()
    const lost = await resultOf(await refresh(result.refresh_token, { key, retryId: 'a1' }))
    const again = await resultOf(await refresh(result.refresh_token, { key, retryId: 'a1' }))
    expect(again.refresh_token).toBe(lost.refresh_token)
    // The same request without the key: it proves no theft, and it gets nothing.
    await isCoded(await refresh(result.refresh_token, { retryId: 'a1' }), 'invalid_dpop_proof')
    await isAlive(again.refresh_token, key)
  })

  it('binds a session at the replay of a refresh that had no proof yet', async () => {
    const key = await createClientKey()
    const { result } = await server.signIn()
    const plain = await resultOf(await refresh(result.refresh_token, { retryId: 'a1' }))
    const bound = await resultOf(await refresh(result.refresh_token, { key, retryId: 'a1' }))
    expect(bound.token_type).toBe('DPoP')
    // Of the two tokens of this generation, only the bound one works.
    await isCoded(await refresh(plain.refresh_token, { retryId: 'a2' }), 'invalid_dpop_proof')
    await isAlive(bound.refresh_token, key)
    await isAlive(plain.refresh_token, key)
  })

  describe('and clocks', () => {
    it('asks for a nonce if the clock of the client is wrong, and then ignores that clock', async () => {
      const key = await createClientKey()
      let { refresh_token: token } = await signIn(key)
      for (const seconds of [-61, 32, -1e6, 1e9]) {
        const refused = await refresh(token, { key, at: now + seconds * 1000 })
        await isCoded(refused, 'use_dpop_nonce')
        const nonce = refused.headers.get('dpop-nonce')!
        const change = { key, at: now + seconds * 1000, nonce }
        token = (await resultOf(await refresh(token, change))).refresh_token
      }
      for (const seconds of [-59, 29])
        token = (await resultOf(await refresh(token, { key, at: now + seconds * 1000 }))).refresh_token
    })

    it('T11: accepts a nonce for five minutes', async () => {
      const key = await createClientKey()
      const { refresh_token } = await signIn(key)
      const refused = await refresh(refresh_token, { key, at: 0 })
      const nonce = refused.headers.get('dpop-nonce')!
      for (const wrong of [
        '',
        'x',
        `${nonce}x`,
        nonce.replace(/^\d+/, (minute) => String(Number(minute) + 1)),
      ])
        await isCoded(await refresh(refresh_token, { key, nonce: wrong }), 'use_dpop_nonce')
      now += 4 * 60_000
      const { refresh_token: next } = await resultOf(await refresh(refresh_token, { key, nonce }))
      now += 2 * 60_000
      await isCoded(await refresh(next, { key, nonce }), 'use_dpop_nonce')
    })

    it('T11: an app that requires a proof asks for a nonce each time, so none can be made far ahead', async () => {
      const key = await createClientKey()
      const { refresh_token } = await signIn(key)
      await set({ binding: 'required' })
      const refused = await refresh(refresh_token, { key })
      await isCoded(refused, 'use_dpop_nonce')
      await resultOf(await refresh(refresh_token, { key, nonce: refused.headers.get('dpop-nonce')! }))
    })
  })

  describe('of an app that requires a proof', () => {
    it('refuses a refresh without one, ends nothing, and binds with the first one', async () => {
      const key = await createClientKey()
      const { result } = await server.signIn()
      await set({ binding: 'required' })
      await isCoded(await refresh(result.refresh_token), 'invalid_dpop_proof')
      const asked = await refresh(result.refresh_token, { key })
      const nonce = asked.headers.get('dpop-nonce')!
      expect((await resultOf(await refresh(result.refresh_token, { key, nonce }))).token_type).toBe('DPoP')
    })

    it('still tells a client whose session is over, so that its user can sign in', async () => {
      const { result } = await server.signIn()
      await server.ask('DELETE', '/tokens', { body: { refresh_token: result.refresh_token } })
      await set({ binding: 'required' })
      await isCoded(await refresh(result.refresh_token), 'invalid_refresh_token', 401)
      await isCoded(await refresh('rt1.junk'), 'invalid_refresh_token', 401)
    })
  })

  it('is bound at a sign-in with a passkey, and a wrong proof does not use up the ceremony', async () => {
    const key = await createClientKey()
    const authenticator = createAuthenticator(origin)
    const identifier = crypto.randomUUID()
    const started = await server.ask('POST', '/register/webauthn/start', {
      headers: { origin },
      body: { identifier },
    })
    const { handshake } = (await started.json()) as {
      handshake: { id: string; challenge: { publicKey: { challenge: string } } }
    }
    const body = {
      handshake_id: handshake.id,
      handshake_response: authenticator.register(handshake.challenge.publicKey),
    }
    const path = '/register/webauthn/finish'
    const finish = async (change: ProofChange) =>
      server.ask('POST', path, {
        body,
        headers: {
          origin,
          dpop: await key.prove('POST', `${server.url}/v1/apps/demo${path}`, { at: now, ...change }),
        },
      })
    await isCoded(await finish({ claims: { htm: 'GET' } }), 'invalid_dpop_proof')
    const refused = await finish({ at: 0 })
    await isCoded(refused, 'use_dpop_nonce')
    expect(refused.headers.get('access-control-expose-headers')).toContain('dpop-nonce')
    const finished = await finish({ nonce: refused.headers.get('dpop-nonce')! })
    const { auth_result } = (await finished.json()) as { auth_result: AuthResult }
    expect(claimsOf(auth_result.auth_token)).toMatchObject({ cnf: { jkt: key.jkt } })
    await isAlive(auth_result.refresh_token, key)
  })

  it('cannot be opened by a backend with a key if the app binds none', async () => {
    await set({ binding: 'off' })
    const { userId } = await server.signIn()
    const opened = await server.manage('POST', `/users/${userId}/sessions`, { jkt: 'a'.repeat(43) })
    await isCoded(opened, 'invalid_request')
    const wrong = await server.manage('POST', `/users/${userId}/sessions`, { jkt: 'short' })
    expect(await wrong.json()).toMatchObject({ error: expect.stringContaining('jkt') })
  })

  describe('refreshed by oauth4webapi, unmodified', () => {
    const http = { [oauth.allowInsecureRequests]: true }
    const client: oauth.Client = { client_id: 'demo' }
    const discover = async () => {
      const issuer = new URL(`${server.url}/v1/apps/demo`)
      return oauth.processDiscoveryResponse(
        issuer,
        await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...http }),
      )
    }
    /** Refreshes as its documentation says: once more if the server wants a nonce. */
    const refreshWith = async (token: string, auth: oauth.ClientAuth, handle?: oauth.DPoPHandle) => {
      const as = await discover()
      const ask = async () => {
        const options = { ...http, ...(handle && { DPoP: handle }) }
        const response = await oauth.refreshTokenGrantRequest(as, client, auth, token, options)
        return oauth.processRefreshTokenResponse(as, client, response)
      }
      return ask().catch((error: unknown) => {
        if (handle && oauth.isDPoPNonceError(error)) return ask()
        throw error
      })
    }
    const handleOf = async (alg: string) => oauth.DPoP(client, await oauth.generateKeyPair(alg))
    beforeEach(() => {
      now = Date.now()
    })

    it.each([
      ['preferred', 'ES256'],
      ['required', 'ES256'],
      ['preferred', 'Ed25519'],
    ] as const)('with binding: %s and %s', async (binding, alg) => {
      await set({ binding })
      expect((await discover()).dpop_signing_alg_values_supported).toContain(alg)
      const handle = await handleOf(alg)
      const { result } = await server.signIn()
      const first = await refreshWith(result.refresh_token!, oauth.None(), handle)
      expect(first.token_type).toBe('dpop')
      const second = await refreshWith(first.refresh_token!, oauth.None(), handle)
      const other = await handleOf(alg)
      await expect(refreshWith(second.refresh_token!, oauth.None(), other)).rejects.toMatchObject({
        error: 'invalid_dpop_proof',
      })
      const answer = await oauth.protectedResourceRequest(
        second.access_token,
        'GET',
        new URL(`${server.url}/v1/apps/demo/currentuser`),
        undefined,
        undefined,
        { ...http, DPoP: handle },
      )
      expect(answer.status).toBe(200)
      const form = { token: second.access_token, client_id: 'demo', client_secret: server.key }
      const introspected = await server.ask('POST', '/oauth/introspect', { form })
      expect(await introspected.json()).toMatchObject({
        active: true,
        token_type: 'DPoP',
        cnf: { jkt: await handle.calculateThumbprint() },
      })
      await set({ binding: 'off' })
      expect(await discover()).not.toHaveProperty('dpop_signing_alg_values_supported')
    })

    it('as a confidential client, whose refresh token follows its authentication, so its key may change (RFC 9449 section 5)', async () => {
      await set({ client_auth: 'secret' })
      const auth = oauth.ClientSecretPost(server.key)
      const { result } = await server.signIn()
      const first = await refreshWith(result.refresh_token!, auth, await handleOf('ES256'))
      const handle = await handleOf('ES256')
      const second = await refreshWith(first.refresh_token!, auth, handle)
      expect(claimsOf(second.access_token)).toMatchObject({
        cnf: { jkt: await handle.calculateThumbprint() },
      })
      expect(second.refresh_token).toMatch(/^rt1\./)
      await refreshWith(second.refresh_token!, auth)
      await set({ client_auth: 'none' })
    })
  })
})
