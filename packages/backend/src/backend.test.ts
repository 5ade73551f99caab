import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { AuthError, createBackend, isAuthError, type Backend, type IncomingRequest } from './index.ts'
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

describe('maxAgeSeconds (RFC 9470)', () => {
  const now = () => Math.floor(Date.now() / 1000)
  const signedInAgo = async (seconds: number) =>
    request({ authorization: `Bearer ${await issuer.sign({ auth_time: now() - seconds })}` })

  it('accepts a sign-in of that age, and a clock that is 5 seconds ahead', async () => {
    for (const age of [0, 299, 303, -4])
      await expect(
        backend.authenticate(await signedInAgo(age), { maxAgeSeconds: 300 }),
      ).resolves.toMatchObject({ userId: 'ada' })
    await expect(backend.authenticate(await signedInAgo(1_000_000))).resolves.toMatchObject({ userId: 'ada' })
  })

  it('answers 401 to an older one, with the age in the challenge (sections 3 and 4)', async () => {
    const asked = vi.fn(() => true)
    const error = await refused(
      backend.authenticate(await signedInAgo(307), { maxAgeSeconds: 300, allow: asked }),
    )
    expect(error).toMatchObject({ code: 'insufficient_user_authentication', status: 401 })
    expect(error.headers['www-authenticate']).toBe(
      'Bearer error="insufficient_user_authentication", error_description="a more recent or a stronger sign-in is needed: sign in again", max_age="300"',
    )
    expect(asked).not.toHaveBeenCalled()
    const bound = new AuthError(error.code, { maxAgeSeconds: 300, scheme: 'DPoP' })
    expect(bound.headers['www-authenticate']).toMatch(/^DPoP error=.* max_age="300", algs="ES256/)
  })

  it('answers 401 to a sign-in in the future, as of a time in milliseconds (jellyfin-plugin-sso 972)', async () => {
    for (const age of [-60, now() - Date.now()]) {
      const error = await refused(backend.authenticate(await signedInAgo(age), { maxAgeSeconds: 300 }))
      expect(error.code).toBe('insufficient_user_authentication')
    }
  })

  it('says that a token has expired or is missing before it says that the sign-in is old', async () => {
    const old = now() - 1000
    const expired = await issuer.sign({ auth_time: old, iat: old, nbf: old, exp: old + 300 })
    const codes = [request({ authorization: `Bearer ${expired}` }), request({})].map(async (each) => {
      return (await refused(backend.authenticate(each, { maxAgeSeconds: 0 }))).code
    })
    expect(await Promise.all(codes)).toEqual(['token_expired', 'token_missing'])
  })

  it('says which value is not usable', async () => {
    for (const maxAgeSeconds of [-1, 0.5, Number.NaN, Infinity])
      await expect(backend.authenticate(await signedInAgo(0), { maxAgeSeconds })).rejects.toThrow(
        'maxAgeSeconds is not usable. Pass a whole number of seconds.',
      )
  })
})

describe('acrValues (RFC 9470)', () => {
  const signedInBy = async (claims: object) =>
    request({
      authorization: `Bearer ${await issuer.sign({ auth_time: Math.floor(Date.now() / 1000), ...claims })}`,
    })
  const codeOf = async (claims: object, acrValues: string[]) =>
    (await refused(backend.authenticate(await signedInBy(claims), { acrValues }))).code

  it('accepts one of the classes, and keeps all claims (auth0/agent-skills#201)', async () => {
    const { claims } = await backend.authenticate(
      await signedInBy({ acr: 'phr', amr: ['pop', 'user', 'mfa'] }),
      {
        acrValues: ['phrh', 'phr'],
        maxAgeSeconds: 60,
      },
    )
    expect(claims).toMatchObject({ acr: 'phr', amr: ['pop', 'user', 'mfa'] })
  })

  it('refuses another class, or none: it is no wish (better-auth/better-auth#10780)', async () => {
    for (const claims of [{}, { acr: 'PHR' }, { acr: 'phrx' }, { acr: 'phr phrh' }, { amr: ['phr'] }])
      expect(await codeOf(claims, ['phr', 'phrh'])).toBe('insufficient_user_authentication')
  })

  it('names in the challenge all that the route asks, whichever is missing (section 3)', async () => {
    const options = { acrValues: ['phr', 'phrh'], maxAgeSeconds: 60 }
    for (const claims of [{ acr: 'pwd' }, { acr: 'phr', auth_time: 1 }]) {
      const { headers } = await refused(backend.authenticate(await signedInBy(claims), options))
      expect(headers['www-authenticate']).toMatch(/^Bearer error=".*, max_age="60", acr_values="phr phrh"$/)
    }
    const { headers } = await refused(backend.authenticate(await signedInBy({}), { acrValues: ['phr'] }))
    expect(headers['www-authenticate']).not.toContain('max_age')
  })

  it('refuses a token whose `acr` or `amr` has another type', async () => {
    for (const claims of [{ acr: ['phr'] }, { acr: '' }, { amr: 'mfa' }, { amr: [1] }])
      expect(await codeOf(claims, ['phr'])).toBe('token_invalid')
  })

  it('says which value is not usable', async () => {
    for (const acrValues of [[], ['two words'], ['a"quote'], ['']])
      await expect(backend.authenticate(await signedInBy({}), { acrValues })).rejects.toThrow('acrValues is')
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
    for (const url of ['not an address', 'localhost:3000', 'ftp://auth.example.com', ''])
      expect(() => createBackend({ url, appId: 'demo' })).toThrow(TypeError)
    expect(() => createBackend({ url: 'https://auth.example.com', appId: '' })).toThrow(TypeError)
    expect(() =>
      createBackend({ url: 'https://auth.example.com', appId: 'demo', algorithms: ['HS256' as 'RS256'] }),
    ).toThrow(TypeError)
    expect(() => createBackend({ url: 'https://auth.example.com', appId: 'demo', algorithms: [] })).toThrow(
      TypeError,
    )
  })

  it('needs no API key until users or revocations are used', async () => {
    await expect(backend.users.get('ada')).rejects.toThrow(TypeError)
    expect(() => backend.revocations({ whenDown: 'accept' })).toThrow(TypeError)
  })
})

describe('the issuer (case K10)', () => {
  it('is an option for a server that is reached by an internal address', async () => {
    const iss = 'https://auth.example.com/v1/apps/demo'
    const external = await issuer.sign({ iss })
    await expect(issuer.backend({ issuer: iss }).verifyAuthToken(external)).resolves.toMatchObject({
      userId: 'ada',
    })
    const error = await refused(issuer.backend().verifyAuthToken(external))
    expect(error.reason).toBe(
      `The iss of the token is ${iss}, not ${issuer.issuer}. Check url, appId and issuer.`,
    )
  })
})

describe('a refusal (case K11)', () => {
  it('is told to onRefusal, with its reason and the request', async () => {
    const told: { code: string; reason: string; request: unknown }[] = []
    const listening = issuer.backend({
      cookie: 'auth',
      onRefusal: ({ code, reason }, from) => void told.push({ code, reason, request: from }),
    })
    const bearer = async (claims: Record<string, unknown>) => ({
      authorization: `Bearer ${await issuer.sign(claims)}`,
    })
    const requests = [
      request({}),
      request({ authorization: 'Bearer x' }),
      request(await bearer({ exp: 1 })),
      request(await bearer({ aud: 'other' })),
      request({ cookie: `auth=${token}`, origin: 'https://evil.example' }),
    ]
    for (const each of requests) await refused(listening.authenticate(each))
    await refused(listening.authenticate(request(await bearer({})), { allow: () => false }))
    expect(told.map(({ code }) => code)).toEqual([
      'token_missing',
      'token_invalid',
      'token_expired',
      'token_invalid',
      'origin_not_allowed',
      'forbidden',
    ])
    expect(told[0]!.request).toBe(requests[0])
    expect(told[3]!.reason).toBe('The aud of the token is other, not demo. Check url, appId and issuer.')
  })

  it('says that the clock of this server is behind', async () => {
    const behind = issuer.backend({ now: () => Date.now() - 60_000, onRefusal: () => {} })
    const error = await refused(behind.verifyAuthToken(await issuer.sign()))
    expect(error.reason).toMatch(
      /^The token is valid only in (59|60) seconds\. Set the clock of this server\.$/,
    )
  })

  it('is not changed by a hook that throws', async () => {
    const thrown = new Promise((resolve) => process.once('uncaughtException', resolve))
    const failing = issuer.backend({
      onRefusal: () => {
        throw new Error('log down')
      },
    })
    expect((await refused(failing.authenticate(request({})))).code).toBe('token_missing')
    expect(await thrown).toMatchObject({ message: 'log down' })
  })

  it('is warned about in the console by default, once a minute, if an operator can mend it', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const silent = createBackend({ url: 'http://localhost:1', appId: 'demo' })
    for (let tries = 0; tries < 3; tries++) {
      await refused(silent.authenticate(request({ authorization: `Bearer ${token}` })))
      await refused(silent.authenticate(request({})))
    }
    expect(warn).toHaveBeenCalledTimes(1)
    expect(warn.mock.calls[0]![0]).toMatch(
      /^Tokenkeep refused a request with keys_unavailable\. fetch failed .*https:\/\/tokenkeep\.dev\/errors\/#keys_unavailable$/,
    )
    expect(String(warn.mock.calls)).not.toContain(token)
    warn.mockRestore()
  })
})

describe('the headers of a request (case K12)', () => {
  type Pairs = readonly (readonly [string, string | readonly string[]])[]
  /** Every form that a framework has for headers. */
  const shapes: Record<string, (pairs: Pairs) => IncomingRequest['headers']> = {
    'Headers of the Fetch standard': (pairs) =>
      new Headers(pairs.map(([name, value]) => [name, String(value)] as [string, string])),
    'a plain object': (pairs) => Object.fromEntries(pairs),
    'an object without a prototype': (pairs) => Object.assign(Object.create(null), Object.fromEntries(pairs)),
    'a list of pairs': (pairs) => pairs,
    'a Map': (pairs) => new Map(pairs),
    'metadata whose get() returns a list': (pairs) => {
      const lists = new Map(pairs.map(([name, value]) => [name.toLowerCase(), [value].flat()]))
      return { get: (name) => (lists.get(name) ?? []) as unknown as string }
    },
  }
  const spellings = ['authorization', 'Authorization', 'AUTHORIZATION']

  it.each(Object.keys(shapes))('may be %s', async (name) => {
    const shape = shapes[name]!
    for (const spelling of spellings)
      for (const value of [`Bearer ${token}`, [`Bearer ${token}`]])
        expect(await backend.authenticate({ headers: shape([[spelling, value]]) })).toMatchObject({
          userId: 'ada',
        })
    for (const spelling of ['cookie', 'Cookie'])
      for (const value of [`psg_auth_token=${token}`, `psg_auth_token="${token}"`]) {
        const from = { method: 'GET', headers: shape([[spelling, value]]) }
        expect(await backend.authenticate(from)).toMatchObject({ userId: 'ada' })
      }
    const lacking = await refused(backend.authenticate({ headers: shape([['x-other', 'value']]) }))
    expect(lacking.code).toBe('token_missing')
  })

  it('may have the cookies in several headers', async () => {
    const headers = { Cookie: ['a=1', `psg_auth_token=${token}`, 'b=2'] }
    expect(await backend.authenticate({ method: 'GET', headers })).toMatchObject({ userId: 'ada' })
    const evil = { ...headers, Origin: ['https://evil.example'] }
    expect((await refused(backend.authenticate({ method: 'GET', headers: evil }))).code).toBe(
      'origin_not_allowed',
    )
  })

  it('are refused with two tokens', async () => {
    const headers = { Authorization: [`Bearer ${token}`, `Bearer ${token}`] }
    expect((await refused(backend.authenticate({ headers }))).code).toBe('token_invalid')
  })

  it('are needed: anything else is a TypeError', async () => {
    for (const value of [undefined, null, {}, 'request'])
      await expect(backend.authenticate(value as never)).rejects.toThrow(TypeError)
  })
})
