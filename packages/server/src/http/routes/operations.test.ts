import { connect, type Socket } from 'node:net'
import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { origin, startServer, type TestServer } from '../../../test/server.ts'

let server: TestServer
afterEach(() => server.stop())

/** A log in memory. */
function keptLog(): { log: pino.Logger; lines: () => Record<string, unknown>[]; text: () => string } {
  let text = ''
  const log = pino({ level: 'debug' }, { write: (line) => void (text += line) })
  return {
    log,
    text: () => text,
    lines: () =>
      text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  }
}

describe('the log', () => {
  it('has one line per request, with the route instead of the path, and with the request id that the client gets', async () => {
    const { log, lines } = keptLog()
    server = await startServer({ log })
    const { result } = await server.signIn()
    const before = lines().length
    const response = await server.refresh(result.refresh_token)
    const line = lines().slice(before)
    expect(line).toHaveLength(1)
    expect(line[0]).toMatchObject({
      msg: 'refresh',
      method: 'POST',
      route: '/v1/apps/:app/tokens',
      status: 201,
      app: 'demo',
      outcome: 'rotated',
      generation: 1,
      request: response.headers.get('x-request-id'),
      ms: expect.any(Number),
    })
    const named = await server.ask('GET', '/nothing', { headers: { 'x-request-id': 'from-the-proxy' } })
    expect(named.headers.get('x-request-id')).toBe('from-the-proxy')
    const forged = await server.ask('GET', '/nothing', { headers: { 'x-request-id': 'x"} {"level":60' } })
    expect(forged.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/)
  })

  it('contains no secret for any request', async () => {
    const { log, text } = keptLog()
    server = await startServer({ log, metricsToken: 'canary-metrics-token' })
    const { result, userId } = await server.signIn('canary@example.com')
    const renewed = (await (await server.refresh(result.refresh_token)).json()) as {
      auth_result: { refresh_token: string }
    }
    const secrets = [
      result.refresh_token!,
      result.auth_token,
      renewed.auth_result.refresh_token,
      server.key,
      'canary-metrics-token',
    ]
    const [token] = secrets
    await server.ask('DELETE', `/tokens?refresh_token=${token}`)
    await server.ask('GET', `/users?identifier=${token}`)
    await server.ask('GET', `/${token}/${result.auth_token}`)
    await server.ask('GET', `//v1/apps/${token}/tokens`)
    await server.refresh(`${token}x`)
    await server.refresh(token, {
      'idempotency-key': token!,
      cookie: `tokenkeep-demo=${token}`,
      'tokenkeep-session': 'cookie',
      origin,
    })
    await server.ask('POST', '/oauth/token', {
      form: { client_id: 'demo', client_secret: server.key, refresh_token: token! },
    })
    await server.ask('GET', '/currentuser', { headers: { authorization: `Bearer ${result.auth_token}` } })
    await server.ask('GET', '//metrics', { headers: { authorization: 'Bearer canary-metrics-token' } })
    await server.ask('POST', '/tokens', { body: `{"refresh_token":"${token}` })
    const made = (await (await server.manage('POST', '/api-keys', { name: 'x' })).json()) as {
      secret: string
    }
    await server.manage('DELETE', `/users/${userId}/tokens`)
    server.database.down = true
    await server.refresh(result.refresh_token)
    expect(text()).toContain('"msg":"refresh"')
    for (const secret of [...secrets, made.secret]) expect(text()).not.toContain(secret)
    expect(text()).not.toMatch(/rt1\.|tk1\.|eyJ|canary/)
  })
})

describe('metrics', () => {
  it('count refreshes by outcome, requests by route, live sessions and store errors', async () => {
    server = await startServer({ metricsToken: 'a-token-for-metrics' })
    const { result } = await server.signIn()
    await server.refresh(result.refresh_token, { 'idempotency-key': 'a' })
    await server.refresh(result.refresh_token, { 'idempotency-key': 'a' })
    await server.refresh('junk')
    await server.store.statistics.recordLiveSessions('demo', Date.now(), 7)
    const response = await server.ask('GET', '//metrics', {
      headers: { authorization: 'Bearer a-token-for-metrics' },
    })
    expect(response.headers.get('content-type')).toContain('text/plain')
    const text = await response.text()
    for (const line of [
      'tokenkeep_refreshes_total{app="demo",outcome="rotated"} 1',
      'tokenkeep_refreshes_total{app="demo",outcome="replayed"} 1',
      'tokenkeep_refreshes_total{app="demo",outcome="refused"} 1',
      'tokenkeep_live_sessions{app="demo"} 7',
      'tokenkeep_store_errors_total 0',
      'tokenkeep_request_duration_seconds_count{method="POST",route="/v1/apps/:app/tokens",status="201"} 2',
    ])
      expect(text.split('\n')).toContain(line)
    expect(text).toContain('process_resident_memory_bytes')
  })

  it('are closed without a token, and require it (case G4)', async () => {
    server = await startServer()
    expect((await server.ask('GET', '//metrics')).status).toBe(403)
    await server.stop()
    server = await startServer({ metricsToken: 'a-token-for-metrics' })
    expect((await server.ask('GET', '//metrics')).status).toBe(401)
    const ask = (token: string) =>
      server.ask('GET', '//metrics', { headers: { authorization: `Bearer ${token}` } })
    expect((await ask('another')).status).toBe(401)
    expect((await ask('a-token-for-metrics')).status).toBe(200)
  })
})

describe('health', () => {
  it('/livez responds with 200 while the process runs, /readyz while the database takes a write', async () => {
    server = await startServer()
    expect((await server.ask('GET', '//livez')).status).toBe(200)
    expect((await server.ask('GET', '//readyz')).status).toBe(200)
    server.database.down = true
    expect((await server.ask('GET', '//livez')).status).toBe(200)
    // The last answer is repeated for a second.
    let unready = await server.ask('GET', '//readyz')
    while (unready.status === 200) unready = await server.ask('GET', '//readyz')
    expect([unready.status, await unready.json()]).toMatchObject([503, { code: 'unavailable' }])
    expect(unready.headers.get('retry-after')).toBe('1')
  })

  it('/readyz writes once for many requests, because anyone can send them (case G4)', async () => {
    server = await startServer()
    let probes = 0
    const probe = server.store.probe
    server.store.probe = (now) => (probes++, probe(now))
    const started = performance.now()
    for (let i = 0; i < 20; i++)
      await Promise.all(Array.from({ length: 10 }, () => server.ask('GET', '//readyz')))
    // Each probe is repeated for a second.
    expect(probes).toBeLessThanOrEqual(1 + (performance.now() - started) / 1000)
  })

  it('/readyz responds with 503 while the server drains, and everything else continues', async () => {
    server = await startServer()
    const { result } = await server.signIn()
    server.server.drain()
    expect((await server.ask('GET', '//readyz')).status).toBe(503)
    expect((await server.ask('GET', '//livez')).status).toBe(200)
    expect((await server.refresh(result.refresh_token)).status).toBe(201)
  })
})

describe('a slow client', () => {
  const ended = (socket: Socket): Promise<string> =>
    new Promise((resolve) => {
      let text = ''
      socket.on('data', (chunk) => (text += chunk.toString()))
      socket.on('close', () => resolve(text))
    })
  for (const [title, sent] of [
    ['in the headers', 'POST /v1/apps/demo/tokens HTTP/1.1\r\nhost: x\r\nx-slow: '],
    ['in the body', 'POST /v1/apps/demo/tokens HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{'],
  ] as const)
    it(`gets a 408 in JSON if it is slow ${title}`, async () => {
      server = await startServer({}, { headersTimeout: 0.2, requestTimeout: 0.3 })
      const socket = connect(server.port, '127.0.0.1', () => socket.write(sent))
      const answer = await ended(socket)
      expect(answer).toMatch(/^HTTP\/1.1 408 /)
      expect(answer).toContain('"code":"invalid_request"')
    })
})

describe('the headers of every response', () => {
  it('forbid sniffing, framing, scripts and referrers, and require https if the server uses it', async () => {
    server = await startServer({ baseUrl: 'https://auth.example' })
    for (const path of [
      '//livez',
      '//openapi.json',
      '/',
      '/nothing',
      '/.well-known/jwks.json',
      '//v1/apps/none',
    ]) {
      const { headers } = await server.ask('GET', path)
      expect(Object.fromEntries(headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
        'strict-transport-security': expect.stringContaining('max-age='),
      })
      expect(headers.get('x-powered-by')).toBeNull()
    }
  })
})

describe('CORS', () => {
  it('allows the app’s origins and additional origins only, and never * with credentials', async () => {
    server = await startServer()
    const allowed = async (from: string, method = 'POST'): Promise<string | null> => {
      const headers = { origin: from, 'access-control-request-method': method }
      const answer = (await server.ask('OPTIONS', '/tokens/', { headers })).headers
      // Without credentials, a page can only read why it is refused.
      return answer.get('access-control-allow-credentials') && answer.get('access-control-allow-origin')
    }
    for (const own of [origin, 'https://admin.app.example']) expect(await allowed(own)).toBe(own)
    for (const foreign of [
      'https://evil.example',
      'https://app.example.evil.example',
      'https://app.example:8443',
      'http://app.example',
      'null',
    ])
      expect(await allowed(foreign)).toBeNull()
    const preflight = await server.ask('OPTIONS', '/tokens', {
      headers: { origin, 'access-control-request-method': 'DELETE' },
    })
    for (const name of [
      'authorization',
      'content-type',
      'idempotency-key',
      'tokenkeep-last-attempt',
      'tokenkeep-session',
    ])
      expect(preflight.headers.get('access-control-allow-headers')).toContain(name)
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET,POST,PATCH,DELETE')
    expect(preflight.headers.get('vary')).toContain('Origin')
  })
})
