import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { clientAddress } from './client-address.ts'
import { addressKey } from './rate-limits.ts'
import { origin, startServer, type TestServer } from '../../test/server.ts'

let server: TestServer
afterEach(() => server.stop())

const isLimited = async (response: Response): Promise<void> => {
  expect([response.status, await response.json()]).toMatchObject([429, { code: 'rate_limited' }])
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(Number(response.headers.get('retry-after'))).toBeLessThanOrEqual(60)
}
const times = async (count: number, work: () => Promise<Response>): Promise<number[]> => {
  const all: number[] = []
  for (let i = 0; i < count; i++) all.push((await work()).status)
  return all
}

describe('an address that fails too often', () => {
  it('gets a 429 for every request that could be a guess', async () => {
    server = await startServer({ limits: { failuresPerAddress: 5 } })
    expect(await times(5, () => server.ask('GET', '/users?identifier=nobody'))).toEqual(Array(5).fill(200))
    await isLimited(await server.ask('GET', '/users?identifier=nobody', { headers: { origin } }))
    await isLimited(await server.ask('POST', '/login/webauthn/start', { body: { identifier: 'nobody' } }))
    expect(await times(5, () => server.refresh('junk'))).toEqual(Array(5).fill(401))
    await isLimited(await server.refresh('junk'))
    await isLimited(await server.ask('GET', '/currentuser'))
    await isLimited(
      await server.ask('PATCH', '/settings', { body: {}, headers: { authorization: 'Bearer tk1.guess' } }),
    )
    const introspect = () =>
      server.ask('POST', '/oauth/introspect', { form: { token: 'x', client_id: 'demo' } })
    expect(await times(5, introspect)).toEqual(Array(5).fill(401))
    const oauth = await introspect()
    expect([oauth.status, await oauth.json()]).toMatchObject([429, { error: 'rate_limited' }])
  })

  it('can still sign in after many wrong tokens, and refresh after many wrong names (case G5)', async () => {
    server = await startServer({ limits: { failuresPerAddress: 5 } })
    const { result } = await server.signIn()
    await times(20, () => server.refresh('junk'))
    expect((await server.ask('POST', '/login/webauthn/start', { body: {} })).status).toBe(200)
    expect((await server.ask('GET', '/users?identifier=user-1')).status).toBe(200)
    await times(20, () => server.ask('GET', '/users?identifier=nobody'))
    // A sign-in without a name does not tell whether a user exists.
    expect((await server.ask('POST', '/login/webauthn/start', { body: {} })).status).toBe(200)
    expect((await server.refresh(result.refresh_token)).status).toBe(201)
  })

  it('does not learn whether a user exists', async () => {
    server = await startServer({ limits: { failuresPerAddress: 5 } })
    await server.signIn('ada')
    expect((await server.ask('GET', '/users?identifier=ada')).status).toBe(200)
    await times(5, () => server.ask('GET', '/users?identifier=nobody'))
    await isLimited(await server.ask('GET', '/users?identifier=ada'))
  })

  it('still gets every valid refresh and every call with a valid API key', async () => {
    server = await startServer({ limits: { failuresPerAddress: 1 } })
    const { result, userId } = await server.signIn()
    await times(20, () => server.refresh('junk'))
    await isLimited(await server.refresh('junk'))
    let token = result.refresh_token!
    for (let round = 0; round < 20; round++) {
      const response = await server.refresh(token)
      expect(response.status).toBe(201)
      token = ((await response.json()) as { auth_result: { refresh_token: string } }).auth_result
        .refresh_token
    }
    expect(await times(5, () => server.manage('GET', `/users/${userId}`))).toEqual(Array(5).fill(200))
    expect(await times(5, () => server.manage('GET', '/users/AAAAAAAAAAAAAAAAAAAAAA'))).toEqual(
      Array(5).fill(404),
    )
    expect((await server.ask('DELETE', '/tokens', { body: { refresh_token: token } })).status).toBe(200)
  })
})

it('answers 429 for an ended session after three refused refreshes, and still refreshes other sessions', async () => {
  server = await startServer({ limits: { refusalsPerSession: 3 } })
  const { result } = await server.signIn('ada')
  await server.ask('DELETE', '/tokens', { body: { refresh_token: result.refresh_token } })
  expect(await times(3, () => server.refresh(result.refresh_token))).toEqual([401, 401, 401])
  await isLimited(await server.refresh(result.refresh_token))
  expect((await server.refresh((await server.signIn('grace')).result.refresh_token)).status).toBe(201)
})

it('does not count late duplicates of a client’s own request against its session', async () => {
  server = await startServer({ limits: { refusalsPerSession: 1, failuresPerAddress: 1 } })
  let { refresh_token: token } = (await server.signIn()).result
  const first = token
  for (let round = 0; round < 3; round++) {
    const response = await server.refresh(token, { 'idempotency-key': `a${round}` })
    token = ((await response.json()) as { auth_result: { refresh_token: string } }).auth_result.refresh_token
  }
  await times(5, () => server.refresh(first, { 'idempotency-key': 'a0' }))
  expect((await server.refresh(token, { 'idempotency-key': 'a3' })).status).toBe(201)
})

it('limits the sign-ups that one address starts', async () => {
  server = await startServer({ limits: { signUpsPerAddress: 3 } })
  let count = 0
  const start = () =>
    server.ask('POST', '/register/webauthn/start', { body: { identifier: `new-${count++}` } })
  expect(await times(3, start)).toEqual([200, 200, 200])
  await isLimited(await start())
})

it('limits the sign-ins that one address starts (case G4)', async () => {
  server = await startServer({ limits: { signInsPerAddress: 3 } })
  const start = () => server.ask('POST', '/login/webauthn/start', { body: {} })
  expect(await times(3, start)).toEqual([200, 200, 200])
  await isLimited(await start())
})

it('limits the large documents that one address reads (case G4)', async () => {
  server = await startServer()
  for (const [path, most] of [
    ['//console/script.js', 600],
    ['//openapi.json', 60],
  ] as const) {
    expect(await times(most, () => server.ask('GET', path))).not.toContain(429)
    await isLimited(await server.ask('GET', path))
  }
  expect((await server.ask('GET', '/')).status).toBe(200)
})

describe('the address of a client', () => {
  it('causes one warning if a proxy sends it but is not trusted (case G5)', async () => {
    const lines: string[] = []
    const log = pino({ level: 'warn' }, { write: (line) => void lines.push(line) })
    server = await startServer({ log })
    for (let i = 0; i < 3; i++)
      await server.ask('GET', '/', { headers: { 'x-forwarded-for': '203.0.113.1' } })
    expect(lines.filter((line) => line.includes('--trusted-proxies'))).toHaveLength(1)
  })

  it('is the one that trusted proxies append, and not what a client sends', async () => {
    server = await startServer({ trustedProxies: 1, limits: { failuresPerAddress: 2 } })
    const from = (forwarded: string) =>
      server.ask('GET', '/users?identifier=nobody', { headers: { 'x-forwarded-for': forwarded } })
    expect(await times(2, () => from('203.0.113.1'))).toEqual([200, 200])
    await isLimited(await from('203.0.113.1'))
    await isLimited(await from('198.51.100.7, 203.0.113.1'))
    expect((await from('203.0.113.2')).status).toBe(200)
  })

  it('is the address of the connection if there are no trusted proxies', async () => {
    server = await startServer({ limits: { failuresPerAddress: 2 } })
    let count = 0
    const ask = () =>
      server.ask('GET', '/users?identifier=nobody', {
        headers: { 'x-forwarded-for': `203.0.113.${count++}` },
      })
    expect(await times(2, ask)).toEqual([200, 200])
    await isLimited(await ask())
  })

  it('is counted from the right of X-Forwarded-For, and must be an IP address', async () => {
    server = await startServer()
    const from = (header: string, proxies: number) =>
      clientAddress(new Request('http://x', { headers: { 'x-forwarded-for': header } }), '10.0.0.1', proxies)
    expect(from('1.1.1.1, 2.2.2.2, 3.3.3.3', 0)).toBe('10.0.0.1')
    expect(from('1.1.1.1, 2.2.2.2, 3.3.3.3', 1)).toBe('3.3.3.3')
    expect(from('1.1.1.1, 2.2.2.2, 3.3.3.3', 2)).toBe('2.2.2.2')
    expect(from('3.3.3.3', 2)).toBe('3.3.3.3')
    expect(from('unknown', 1)).toBe('10.0.0.1')
    // The forms of load balancers: with a port, in brackets, IPv4 in IPv6.
    expect(from('1.1.1.1:4711', 1)).toBe('1.1.1.1')
    expect(from('[2001:db8::1]:4711', 1)).toBe('2001:db8::1')
    expect(from('[2001:db8::1]', 1)).toBe('2001:db8::1')
    expect(from('::ffff:1.1.1.1', 1)).toBe('1.1.1.1')
    expect(from('2001:db8::1', 1)).toBe('2001:db8::1')
  })

  it('counts as one with all other addresses of an IPv6 customer', async () => {
    server = await startServer()
    expect(addressKey('2001:db8:1:2:3:4:5:6')).toBe(addressKey('2001:db8:1:2::9'))
    expect(addressKey('2001:db8:1:2::9')).not.toBe(addressKey('2001:db8:1:3::9'))
    expect(addressKey('::1')).toBe('0:0:0:0')
    expect(addressKey('203.0.113.1')).toBe('203.0.113.1')
  })
})
