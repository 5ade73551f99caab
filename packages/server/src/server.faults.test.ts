import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createCluster } from '../test/cluster.ts'
import { operations } from './http/openapi/all.ts'
import { createApiKey, openStore } from './index.ts'
import { waitForOutput, startCommand, type Running } from '../test/command.ts'
import { demo, origin, startServer } from '../test/server.ts'
import { freePort } from '../../../scripts/lib/free-port.ts'

const refreshToken = async (response: Response): Promise<string> =>
  ((await response.json()) as { auth_result: { refresh_token: string } }).auth_result.refresh_token

describe('a database that is down', () => {
  it('causes a 503 with Retry-After on every route that needs it, and no session ends', async () => {
    const server = await startServer({
      limits: { failuresPerAddress: 1_000_000 },
      metricsToken: 'a-token-for-metrics',
    })
    try {
      const { result, userId } = await server.signIn()
      const key = await server.adminKey()
      server.database.down = true
      const statuses: Record<string, number> = {}
      for (const { method, path, needs } of operations) {
        const at = path
          .replace(':app', 'demo')
          .replace(':user', userId)
          .replaceAll(/:\w+/g, 'AAAAAAAAAAAAAAAAAAAAAA')
        const bearers: Record<string, string> = {
          'auth token': result.auth_token,
          'metrics token': 'a-token-for-metrics',
        }
        const bearer = bearers[needs ?? ''] ?? key
        const form = path.includes('/oauth/') && {
          form: {
            client_id: 'demo',
            grant_type: 'refresh_token',
            refresh_token: result.refresh_token!,
            token: result.refresh_token!,
          },
        }
        const others = path.endsWith('/currentuser/sessions') ? '?others=true' : ''
        const response = await server.ask(method.toUpperCase(), `/${at}${others}`, {
          ...(form ||
            (method !== 'get' && {
              body: {
                refresh_token: result.refresh_token,
                identifier: 'x',
                handshake_id: 'AAAAAAAAAAAAAAAAAAAAAA',
                handshake_response: { id: 'x' },
                name: 'x',
                auth_origin: origin,
                redirect_url: '/',
              },
            })),
          headers: needs && needs !== 'optional key' ? { authorization: `Bearer ${bearer}` } : {},
        })
        const text = await response.text()
        statuses[`${method} ${path}`] = response.status
        // A ceremony that this server did not begin is refused by its signature.
        const isForged = response.status === 401 && text.includes('webauthn_login_failed')
        if (response.status === 200 || isForged) continue
        expect([method, path, response.status, text]).toEqual([
          method,
          path,
          503,
          expect.stringMatching(/unavailable/),
        ])
        expect(response.headers.get('retry-after')).toBe('1')
      }
      // These routes need only what the process has cached.
      const answered = Object.keys(statuses).filter((route) => statuses[route] !== 503)
      expect(answered.toSorted()).toEqual([
        'get /.well-known/oauth-authorization-server/v1/apps/:app',
        'get /livez',
        'get /metrics',
        'get /openapi.json',
        'get /v1/apps/:app',
        'get /v1/apps/:app/.well-known/jwks.json',
        'get /v1/apps/:app/.well-known/oauth-authorization-server',
        'get /v1/apps/:app/.well-known/openid-configuration',
        'post /v1/apps/:app/login/webauthn/finish',
        'post /v1/apps/:app/register/webauthn/finish',
      ])
      expect(
        await (
          await server.ask('GET', '//metrics', {
            headers: { authorization: 'Bearer a-token-for-metrics' },
          })
        ).text(),
      ).toMatch(/tokenkeep_store_errors_total [1-9]/)
      server.database.down = false
      expect((await server.refresh(result.refresh_token)).status).toBe(201)
    } finally {
      await server.stop()
    }
  })
})

it('responds with 503 after a crash of PostgreSQL, and continues every session when it runs again', async () => {
  const cluster = await createCluster(['fsync=off'])
  const server = await startServer({}, {}, await cluster.createDatabase())
  try {
    const { result } = await server.signIn()
    const first = await server.refresh(result.refresh_token, { 'idempotency-key': 'one' })
    const token = await refreshToken(first)
    await cluster.crash()
    for (const asked of [
      server.refresh(token),
      server.ask('GET', '//readyz'),
      server.manage('GET', '/users'),
    ]) {
      const response = await asked
      expect([response.status, await response.json()]).toMatchObject([503, { code: 'unavailable' }])
      expect(response.headers.get('retry-after')).toBe('1')
    }
    const form = { client_id: 'demo', grant_type: 'refresh_token', refresh_token: token }
    const oauth = await server.ask('POST', '/oauth/token', { form })
    expect([oauth.status, await oauth.json()]).toMatchObject([503, { error: 'temporarily_unavailable' }])
    await cluster.start()
    while ((await server.ask('GET', '//readyz')).status !== 200)
      await new Promise((resolve) => setTimeout(resolve, 50))
    expect((await server.refresh(token)).status).toBe(201)
  } finally {
    await server.stop()
    await cluster.stop()
  }
})

describe('clocks that are wrong', () => {
  const hour = 3_600_000
  it('do not end a session when the clock changes by an hour between two refreshes', async () => {
    let now = Date.now()
    const server = await startServer({ now: () => now })
    try {
      const { result } = await server.signIn()
      let token = result.refresh_token!
      for (const jump of [hour, -2 * hour, hour, -hour]) {
        now += jump
        const response = await server.refresh(token)
        expect(response.status).toBe(201)
        token = await refreshToken(response)
      }
    } finally {
      await server.stop()
    }
  })
})

it('refuses a change of settings that is based on a future or a past version', async () => {
  const server = await startServer()
  try {
    const change = (version: string) =>
      server.ask('PATCH', '/settings', {
        body: { session_timeout_length: 60 },
        headers: { authorization: `Bearer ${server.key}`, 'if-match': version },
      })
    expect([(await change('"99"')).status, (await change('"0"')).status]).toEqual([409, 409])
    expect(await (await server.manage('GET', '/settings')).json()).toMatchObject({
      app: { session_timeout_length: 300 },
    })
  } finally {
    await server.stop()
  }
})

describe('a server on a SQLite folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tokenkeep-faults-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const prepare = async (name: string): Promise<{ store: string; authorization: string }> => {
    const store = join(folder, name)
    const opened = await openStore(store)
    await opened.apps.add('demo', demo, 'system', Date.now())
    const { secret } = await createApiKey(opened, 'demo', 'tests', 'system', Date.now())
    await opened.close()
    return { store, authorization: `Bearer ${secret}` }
  }
  const serve = async (store: string, limit?: number): Promise<Running & { url: string }> => {
    const port = await freePort()
    const running = startCommand(['serve', '--store', store, '--port', `${port}`], {}, limit)
    await waitForOutput(running, 'First admin')
    return { ...running, url: `http://localhost:${port}/v1/apps/demo` }
  }
  const post = (url: string, body: object, headers: Record<string, string> = {}) =>
    fetch(url, { method: 'POST', body: JSON.stringify(body), headers })
  // With a retry id, the time between two tries does not matter, which can be long on a busy machine.
  const refresh = (url: string, token: string) =>
    post(`${url}/tokens`, { refresh_token: token }, { 'idempotency-key': `r${token.slice(-8)}` })
  const open = async (url: string, authorization: string): Promise<string> => {
    const made = await post(`${url}/users`, { identifier: crypto.randomUUID() }, { authorization })
    const { user } = (await made.json()) as { user: { id: string } }
    return refreshToken(await post(`${url}/users/${user.id}/sessions`, {}, { authorization }))
  }

  it('responds with 503 while the disk is full, and continues every session afterwards', async () => {
    const { store, authorization } = await prepare('full')
    const roomy = await serve(store)
    const tokens = [await open(roomy.url, authorization), await open(roomy.url, authorization)]
    roomy.child.kill('SIGTERM')
    await roomy.ended

    // No file can grow beyond 1 MiB. SQLite sees this as a full disk.
    const tight = await serve(store, 2048)
    let status = 0
    for (let count = 0; status !== 503 && count < 400; count++) {
      const response = await post(
        `${tight.url}/users`,
        { identifier: `${count}`, user_metadata: { text: 'x'.repeat(16_000) } },
        { authorization },
      )
      status = response.status
      expect([201, 503]).toContain(status)
      if (status === 503) {
        expect(await response.json()).toMatchObject({ code: 'unavailable' })
        expect(response.headers.get('retry-after')).toBe('1')
      }
    }
    expect(status).toBe(503)
    for (const token of tokens) expect([201, 503]).toContain((await refresh(tight.url, token)).status)
    tight.child.kill('SIGTERM')
    await tight.ended

    const again = await serve(store)
    try {
      for (const token of tokens) expect((await refresh(again.url, token)).status).toBe(201)
    } finally {
      again.child.kill('SIGTERM')
      await again.ended
    }
  })
})
