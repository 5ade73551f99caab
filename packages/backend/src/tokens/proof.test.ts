import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { isAuthError, type AuthError, type Backend, type IncomingRequest } from '../index.ts'
import { createClientKey, type Proof } from '../../test/client-key.ts'
import { TestIssuer } from '../../test/issuer.ts'

const base = 'https://api.example.com'
const url = `${base}/orders`
const key = await createClientKey()
let issuer: TestIssuer
let backend: Backend
let token: string
beforeAll(async () => {
  issuer = await TestIssuer.start()
  backend = issuer.backend({ dpop: { url: base }, onRefusal: () => {} })
  token = await issuer.sign({ cnf: key.cnf })
})
afterAll(() => issuer.stop())

const prove = (change: Partial<Proof> = {}) => key.prove({ url, token, ...change })
const request = (dpop?: string, { scheme = 'DPoP', method = 'GET', at = url, bearer = token } = {}) =>
  new Request(at, {
    method,
    headers: { authorization: `${scheme} ${bearer}`, ...(dpop !== undefined && { dpop }) },
  })
const refused = (promise: Promise<unknown>): Promise<AuthError> =>
  promise.then(
    () => expect.fail('the request was accepted'),
    (error: unknown) => (isAuthError(error) ? error : expect.fail(String(error))),
  )
const isInvalid = async (incoming: IncomingRequest): Promise<void> =>
  expect((await refused(backend.authenticate(incoming))).code).toBe('proof_invalid')

describe('a bound token', () => {
  it('is accepted with a proof of its key, of any algorithm', async () => {
    await expect(backend.authenticate(request(await prove()))).resolves.toMatchObject({ userId: 'ada' })
    const edwards = await createClientKey('EdDSA')
    const bound = await issuer.sign({ cnf: edwards.cnf })
    const proof = await edwards.prove({ url, token: bound })
    await expect(backend.authenticate(request(proof, { bearer: bound }))).resolves.toMatchObject({
      userId: 'ada',
    })
  })

  it('T01, T15: is worth nothing without its key, also not as a bearer token or in a cookie', async () => {
    const thief = await createClientKey()
    for (const incoming of [
      request(),
      request(undefined, { scheme: 'Bearer' }),
      request(await prove(), { scheme: 'Bearer' }),
      request(await thief.prove({ url, token })),
    ])
      await isInvalid(incoming)
    const inCookie = issuer.backend({ cookie: 'auth', dpop: { url: base }, onRefusal: () => {} })
    const error = await refused(
      inCookie.authenticate({ method: 'GET', headers: { cookie: `auth=${token}` } }),
    )
    expect(error.code).toBe('proof_invalid')
    expect(error.headers).toEqual({
      'www-authenticate':
        'DPoP error="invalid_dpop_proof", error_description="the proof of the key of this token is not accepted", algs="ES256 EdDSA Ed25519"',
    })
  })

  it('T16: is refused with a proof of another URL, method or token', async () => {
    await isInvalid(request(await prove({ url: `${base}/orders/1` })))
    await isInvalid(request(await prove({ url: 'https://evil.example/orders' })))
    await isInvalid(request(await prove({ method: 'POST' })))
    await isInvalid(request(await prove({ token: 'another' })))
    await isInvalid(request(await prove(), { method: 'POST' }))
  })

  it('T17: is refused with a proof that was used before, and the client gets a nonce', async () => {
    const proof = await prove()
    await backend.authenticate(request(proof))
    const error = await refused(backend.authenticate(request(proof)))
    expect(error.code).toBe('proof_stale')
    expect(error.headers['www-authenticate']).toMatch(/^DPoP error="use_dpop_nonce"/)
    const nonce = error.headers['dpop-nonce']
    await backend.authenticate(request(await prove({ claims: { nonce } })))
  })

  it('T17: is refused by its key and its id: a wrong use, or the same id of another client, uses nothing up (sourcebot#1395, inji-certify#1000)', async () => {
    const claims = { jti: 'same' }
    const proof = await prove({ claims })
    await isInvalid(request(proof, { method: 'POST' }))
    await isInvalid(request(proof, { at: `${base}/other` }))
    const other = await createClientKey()
    const bound = await issuer.sign({ cnf: other.cnf })
    await backend.authenticate(request(await other.prove({ url, token: bound, claims }), { bearer: bound }))
    await backend.authenticate(request(proof))
  })

  it('T17: is refused by all processes that share a store', async () => {
    const used = new Set<string>()
    const once = (id: string, seconds: number): boolean => {
      expect(seconds).toBe(420)
      return !used.has(id) && !!used.add(id)
    }
    const process = () => issuer.backend({ dpop: { url: base, replay: { once } }, onRefusal: () => {} })
    const proof = await prove()
    await process().authenticate(request(proof))
    expect((await refused(process().authenticate(request(proof)))).code).toBe('proof_stale')
    const forgetful = issuer.backend({ dpop: { url: base, replay: 'off' } })
    await forgetful.authenticate(request(proof))
  })

  it('T18: is refused with a header that is not one of a proof, and with two proofs', async () => {
    const other = await createClientKey()
    for (const header of [
      { typ: 'JWT' },
      { typ: undefined },
      { jwk: undefined },
      { jwk: null },
      { jwk: { ...key.jwk, d: 'AA' } },
      { jwk: { ...key.jwk, crv: 'P-384' } },
      { jwk: other.jwk },
      { jwk: { kty: 'oct', k: 'AA' } },
    ])
      await isInvalid(request(await prove({ header })))
    await isInvalid(request(`${await prove()}, ${await prove()}`))
    await isInvalid(request(await prove({ claims: { more: 'x'.repeat(5000) } })))
    for (const text of ['', 'x', 'a.b', 'a.b.c', `${(await prove()).slice(0, -6)}AAAAAA`])
      await isInvalid(request(text))
  })

  it('is refused if a claim of the proof is missing, wrong or of another type', async () => {
    const wrong = fc.oneof(fc.constantFrom(undefined, null, true, {}, [], ''), fc.string())
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('jti', 'htm', 'htu', 'iat', 'ath'), wrong, async (name, value) => {
        fc.pre(!(name === 'jti' && typeof value === 'string' && value))
        await isInvalid(request(await prove({ claims: { [name]: value } })))
      }),
      { numRuns: 100 },
    )
  })

  it('needs a nonce if the clock of the client is wrong', async () => {
    const now = Math.floor(Date.now() / 1000)
    for (const iat of [now - 65, now + 40, 0, 1e12]) {
      const error = await refused(backend.authenticate(request(await prove({ claims: { iat } }))))
      expect(error.code).toBe('proof_stale')
      const nonce = error.headers['dpop-nonce']
      await backend.authenticate(request(await prove({ claims: { iat, nonce } })))
    }
    for (const nonce of ['', 'x', 7, `${Math.floor(now / 60)}.${'A'.repeat(43)}`])
      expect((await refused(backend.authenticate(request(await prove({ claims: { nonce } }))))).code).toBe(
        'proof_stale',
      )
  })

  it('takes a nonce of another process of the API that has the same key, for five minutes', async () => {
    let now = Date.now()
    const create = (apiKey: string) =>
      issuer.backend({
        apiKey,
        dpop: { url: base },
        now: () => now,
        onRefusal: () => {},
        clockToleranceSeconds: 600,
      })
    const error = await refused(create('tk1.a').authenticate(request(await prove({ claims: { iat: 0 } }))))
    const nonce = error.headers['dpop-nonce']
    const withNonce = async () => request(await prove({ claims: { nonce } }))
    await create('tk1.a').authenticate(await withNonce())
    await refused(create('tk1.b').authenticate(await withNonce()))
    now += 6 * 60_000
    await refused(create('tk1.a').authenticate(await withNonce()))
  })

  it('is refused with the way out if the address of the API is not configured', async () => {
    const onRefusal = vi.fn<(error: AuthError) => void>()
    const error = await refused(issuer.backend({ onRefusal }).authenticate(request(await prove())))
    expect(error.reason).toBe('Clients bind their tokens: pass dpop to createBackend.')
  })

  it('is refused with the challenge of its own scheme if it has expired', async () => {
    const old = await issuer.sign({ cnf: key.cnf, exp: 1 })
    const error = await refused(backend.authenticate(request(await prove({ token: old }), { bearer: old })))
    expect([error.code, error.headers['www-authenticate']]).toEqual([
      'token_expired',
      expect.stringMatching(/^DPoP error="invalid_token".*, algs="ES256/),
    ])
  })

  it('is refused if it is bound in a way that is not known here', async () => {
    for (const cnf of [{}, { jkt: 7 }, null, { 'x5t#S256': 'x' }]) {
      const odd = await issuer.sign({ cnf })
      const error = await refused(backend.authenticate(request(undefined, { scheme: 'Bearer', bearer: odd })))
      expect(error.code).toBe('token_invalid')
    }
  })
})

describe('a token that is not bound', () => {
  it('works as a bearer token, unless the route needs a bound one', async () => {
    const plain = await issuer.sign()
    const incoming = () => request(undefined, { scheme: 'Bearer', bearer: plain })
    await backend.authenticate(incoming())
    const error = await refused(backend.authenticate(incoming(), { binding: 'required' }))
    expect([error.code, error.status]).toEqual(['token_unbound', 401])
    await backend.authenticate(request(await prove()), { binding: 'required' })
  })

  it('gets no more trust by a proof', async () => {
    const plain = await issuer.sign()
    const proof = await prove({ token: plain })
    const error = await refused(backend.authenticate(request(proof, { bearer: plain })))
    expect(error.code).toBe('token_invalid')
  })
})

describe('the URL of a proof', () => {
  it('is that of the configured address; headers do not change it', async () => {
    const incoming = async (headers: Record<string, string>): Promise<IncomingRequest> => ({
      method: 'GET',
      url: '/orders?page=2',
      headers: { authorization: `DPoP ${token}`, dpop: await prove(), ...headers },
    })
    await backend.authenticate(await incoming({ host: 'internal:8080', 'x-forwarded-host': 'evil.example' }))
    const behind = issuer.backend({ dpop: { url: `${base}/v2/` }, onRefusal: () => {} })
    const proof = await prove({ url: `${base}/v2/orders` })
    await behind.authenticate({ ...(await incoming({ dpop: proof })), url: '/orders' })
    const host = await prove({ url: 'https://internal/orders' })
    await isInvalid(await incoming({ dpop: host, host: 'internal' }))
  })

  it('can come from a function, for an API with several addresses', async () => {
    const several = issuer.backend({ dpop: { url: (incoming) => `https://b.example${incoming.url}` } })
    const dpop = await prove({ url: 'https://b.example/x' })
    await several.authenticate({
      method: 'GET',
      url: '/x',
      headers: { authorization: `DPoP ${token}`, dpop },
    })
  })
})
