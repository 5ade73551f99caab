import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBackend, isAuthError, type AuthError, type Backend } from './index.ts'
import { TestIssuer } from '../test/issuer.ts'

let issuer: TestIssuer
let backend: Backend
let token: string
beforeAll(async () => {
  issuer = await TestIssuer.start()
  backend = issuer.backend({ cookie: 'psg_auth_token' })
  token = await issuer.sign()
})
afterAll(() => issuer.stop())

const request = (headers: Record<string, string>, method = 'GET') =>
  new Request('https://api.example.com/orders', { headers, method })
const refused = (promise: Promise<unknown>): Promise<AuthError> =>
  promise.then(
    () => expect.fail('the request was accepted'),
    (error: unknown) => (isAuthError(error) ? error : expect.fail(String(error))),
  )

describe('the Authorization header', () => {
  it('carries the token, with the scheme in upper or lower case', async () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER '])
      await expect(
        backend.authenticate(request({ authorization: `${scheme} ${token}` })),
      ).resolves.toMatchObject({ userId: 'ada' })
  })

  it('is read from a request of Node, too', async () => {
    await expect(
      backend.authenticate({ method: 'GET', headers: { authorization: `Bearer ${token}` } }),
    ).resolves.toMatchObject({ userId: 'ada' })
  })

  it('is answered with a challenge without an error code if it is missing or has another scheme (RFC 6750 section 3.1)', async () => {
    for (const headers of [{}, { authorization: 'Basic YTpi' }, { authorization: 'Bearertoken' }]) {
      const error = await refused(backend.authenticate(request(headers)))
      expect(error.code).toBe('token_missing')
      expect(error.status).toBe(401)
      expect(error.headers).toEqual({ 'www-authenticate': 'Bearer' })
    }
  })

  it('is answered with the challenge invalid_token if it is malformed', async () => {
    for (const value of ['Bearer', 'Bearer ', 'Bearer a b', `Bearer ${token}, Bearer ${token}`, 'Bearer x']) {
      const error = await refused(backend.authenticate(request({ authorization: value })))
      expect(error.code).toBe('token_invalid')
      expect(error.headers['www-authenticate']).toBe(
        'Bearer error="invalid_token", error_description="this auth token is not accepted"',
      )
    }
  })

  it('is answered without the token and without the cause if the token has expired', async () => {
    const bad = await issuer.sign({ exp: 1 })
    const error = await refused(backend.authenticate(request({ authorization: `Bearer ${bad}` })))
    const response = error.toResponse()
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe(
      'Bearer error="invalid_token", error_description="the auth token has expired: refresh it"',
    )
    expect(await response.json()).toEqual({
      code: 'token_expired',
      error: 'the auth token has expired: refresh it',
    })
  })
})

describe('allow', () => {
  const signedIn = () => request({ authorization: `Bearer ${token}` })

  it('accepts a user for whom it returns true', async () => {
    const auth = await backend.authenticate(signedIn(), { allow: ({ userId }) => userId === 'ada' })
    expect(auth.userId).toBe('ada')
  })

  it('causes a 403 if it returns false', async () => {
    const error = await refused(backend.authenticate(signedIn(), { allow: async () => false }))
    expect(error).toMatchObject({ code: 'forbidden', status: 403 })
    expect(error.headers['www-authenticate']).toMatch(/^Bearer error="insufficient_scope"/)
  })

  it('is not called for a request without a token', async () => {
    const error = await refused(
      backend.authenticate(request({}), { allow: () => expect.fail('allow was called') }),
    )
    expect(error.status).toBe(401)
  })

  it('passes its own error on', async () => {
    const failure = new Error('database down')
    await expect(backend.authenticate(signedIn(), { allow: () => Promise.reject(failure) })).rejects.toBe(
      failure,
    )
  })
})

describe('the cookie', () => {
  const withCookie = (headers: Record<string, string> = {}, method = 'GET') =>
    backend.authenticate(request({ cookie: `a=1; psg_auth_token=${token}; b=2`, ...headers }, method))

  it('is read if createBackend names it and there is no Authorization header', async () => {
    await expect(withCookie()).resolves.toMatchObject({ userId: 'ada' })
    const bad = await refused(withCookie({ authorization: 'Bearer x' }))
    expect(bad.code).toBe('token_invalid')
    const other = issuer.backend()
    const error = await refused(other.authenticate(request({ cookie: `psg_auth_token=${token}` })))
    expect(error.code).toBe('token_missing')
  })

  it('allows a POST from the origins of the app only', async () => {
    await expect(withCookie({ origin: issuer.origin }, 'POST')).resolves.toMatchObject({ userId: 'ada' })
    for (const origin of ['https://evil.example', 'null', `${issuer.origin}.evil.example`, 'demo2']) {
      const error = await refused(withCookie({ origin }, 'POST'))
      expect(error).toMatchObject({ code: 'origin_not_allowed', status: 403 })
    }
    expect((await refused(withCookie({}, 'POST'))).code).toBe('origin_not_allowed')
    expect((await refused(withCookie({ origin: 'https://evil.example' }))).code).toBe('origin_not_allowed')
  })

  it('does not restrict the origin of a request with an Authorization header', async () => {
    const headers = { authorization: `Bearer ${token}`, origin: 'https://partner.example' }
    await expect(backend.authenticate(request(headers, 'POST'))).resolves.toMatchObject({ userId: 'ada' })
  })
})

describe('createBackend', () => {
  it('throws a TypeError for an unusable url, appId or algorithm', () => {
    expect(() => createBackend({ url: 'not an address', appId: 'demo' })).toThrow(TypeError)
    expect(() => createBackend({ url: 'https://auth.example.com', appId: '' })).toThrow(TypeError)
    expect(() =>
      createBackend({ url: 'https://auth.example.com', appId: 'demo', algorithms: ['HS256' as 'RS256'] }),
    ).toThrow(TypeError)
  })

  it('needs no API key until users or revocations are used', async () => {
    await expect(backend.users.get('ada')).rejects.toThrow(TypeError)
    expect(() => backend.revocations({ whenDown: 'accept' })).toThrow(TypeError)
  })
})
