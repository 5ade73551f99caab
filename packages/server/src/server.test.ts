import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuthResult } from '@tokenkeep/protocol'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  appProfile,
  createApiKey,
  createSessionServer,
  deriveKeys,
  openStore,
  readMasterKey,
  type Store,
} from './index.ts'
import { StoreUnavailableError } from './store/database.ts'
import { printSeed, seed } from '../test/seed.ts'

printSeed()

const origin = 'http://localhost:5173'
const day = 86_400_000

let folder: string
let store: Store
let now: number
let key: string
let ask: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Response>

const app = appProfile({
  name: 'Demo',
  auth_origin: origin,
  redirect_url: origin,
  public_signup: true,
  refresh_enabled: true,
  session_timeout_length: 20,
})

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tokenkeep-'))
  store = await openStore(folder)
  now = 1_700_000_000_500
  await store.apps.add('demo', app, 'system', now)
  key = (await createApiKey(store, 'demo', 'test', 'system', now)).secret
  const keys = deriveKeys(readMasterKey(folder))
  const server = createSessionServer({
    store,
    keys,
    baseUrl: 'http://localhost:4000',
    now: () => now,
  })
  ask = async (method, path, body, headers = {}) =>
    server.fetch(
      new Request(`http://localhost:4000/v1/apps/demo${path}`, {
        method,
        headers,
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    )
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

const manage = (method: string, path: string, body?: unknown) =>
  ask(method, path, body, { authorization: `Bearer ${key}` })
const json = async <T>(response: Response | Promise<Response>): Promise<T> =>
  (await response).json() as Promise<T>

async function signIn(identifier = 'ada'): Promise<{ userId: string; result: AuthResult }> {
  await manage('POST', '/users', { identifier })
  const { users } = await json<{ users: [{ id: string }] }>(manage('GET', `/users?identifier=${identifier}`))
  const [user] = users
  const { auth_result } = await json<{ auth_result: AuthResult }>(
    manage('POST', `/users/${user.id}/sessions`),
  )
  return { userId: user.id, result: auth_result }
}
const refresh = (token: string, retryId?: string, last?: string, body: object = {}) =>
  ask(
    'POST',
    '/tokens',
    { refresh_token: token, ...body },
    {
      ...(retryId && { 'idempotency-key': retryId }),
      ...(last && { 'tokenkeep-last-attempt': last }),
    },
  )
async function renewed(response: Response | Promise<Response>): Promise<AuthResult> {
  const answer = await response
  expect(answer.status).toBe(201)
  return (await json<{ auth_result: AuthResult }>(answer)).auth_result
}
async function refused(response: Response | Promise<Response>, reason?: string): Promise<void> {
  const answer = await response
  expect(answer.status).toBe(401)
  expect(await answer.json()).toEqual({
    code: 'invalid_refresh_token',
    error: expect.any(String),
    ...(reason && { reason }),
  })
}

describe('refresh', () => {
  it('returns new tokens each time, with the same absolute deadline (RFC 9700 4.14.2)', async () => {
    const { result } = await signIn()
    now += 30_000
    const next = await renewed(refresh(result.refresh_token!))
    expect(next.refresh_token).not.toBe(result.refresh_token)
    expect(next.absolute_expires_in).toBe(result.absolute_expires_in! - 30)
    expect(next.inactivity_expires_in).toBe(result.inactivity_expires_in)
    expect((await refresh(result.refresh_token!)).headers.get('cache-control')).toBe('no-store')
  })

  it('rotates once and returns 50 identical tokens for 50 concurrent uses', async () => {
    const { result } = await signIn()
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => renewed(refresh(result.refresh_token!))),
    )
    expect(new Set(answers.map(({ refresh_token }) => refresh_token)).size).toBe(1)
    const current = await renewed(refresh(answers[0]!.refresh_token!))
    expect(current.refresh_token).not.toBe(answers[0]!.refresh_token)
  })

  it('returns the same successor for the same retry id days later', async () => {
    const { result } = await signIn()
    const lost = await renewed(refresh(result.refresh_token!, 'a1'))
    now += 3 * day
    expect((await renewed(refresh(result.refresh_token!, 'a1'))).refresh_token).toBe(lost.refresh_token)
  })

  it('accepts any older token of a client whose last retry id made the current one (case H2)', async () => {
    const { result } = await signIn()
    const successor = await renewed(refresh(result.refresh_token!, 'a1'))
    await renewed(refresh(successor.refresh_token!, 'a2', 'a1'))
    // The cookie is restored to an older state again and again. The page keeps its retry ids.
    for (const round of [2, 3, 4]) {
      now += day
      await renewed(refresh(result.refresh_token!, `a${round + 1}`, `a${round}`))
    }
    const same = await renewed(refresh(result.refresh_token!, 'a5', 'a4'))
    expect(same).toMatchObject({
      refresh_token: (await renewed(refresh(result.refresh_token!, 'a5', 'a4'))).refresh_token,
    })
    await refused(refresh(result.refresh_token!, 'a7', 'a6'), 'reused')
  })

  it('counts the grace period from the rotation, only for the predecessor, and only without retry ids', async () => {
    const { result } = await signIn()
    const successor = await renewed(refresh(result.refresh_token!))
    for (const ms of [4000, 4000]) {
      now += ms
      await renewed(refresh(result.refresh_token!))
    }
    now += 4000
    await refused(refresh(result.refresh_token!), 'reused')
    await refused(refresh(successor.refresh_token!), 'reused')
  })

  it('bounds the grace period if the clock of the replica that rotated is wrong', async () => {
    for (const [skew, status] of [
      [9000, 201],
      [-9000, 201],
      [30_000, 401],
      [-30_000, 401],
    ] as const) {
      const { result } = await signIn()
      await renewed(refresh(result.refresh_token!))
      now += skew
      expect((await refresh(result.refresh_token!)).status).toBe(status)
    }
    now += 60_000
  })

  it('ends only the session whose token is reused', async () => {
    const { result } = await signIn()
    const other = await signIn()
    const successor = await renewed(refresh(result.refresh_token!, 'a1'))
    const secondSuccessor = await renewed(refresh(successor.refresh_token!, 'a2'))
    await refused(refresh(result.refresh_token!, 'thief'), 'reused')
    await refused(refresh(secondSuccessor.refresh_token!), 'reused')
    await renewed(refresh(other.result.refresh_token!))
  })

  it('does not end the session for a late duplicate of the client’s own request', async () => {
    const { result } = await signIn()
    let current = result
    for (let round = 0; round < 5; round++)
      current = await renewed(refresh(current.refresh_token!, `a${round}`))
    const late = await refresh(result.refresh_token!, 'a0')
    expect([late.status, await late.json()]).toEqual([409, { code: 'superseded', error: expect.any(String) }])
    await renewed(refresh(current.refresh_token!, 'a5'))
  })

  it('continues a session after the database is restored to an earlier state', async () => {
    const { userId, result } = await signIn()
    let current = result
    for (let round = 0; round < 5; round++)
      current = await renewed(refresh(current.refresh_token!, `a${round}`))
    const id = Buffer.from(userId, 'base64url')
    const [row] = await store.sessions.list('demo', id, now)
    const { DatabaseSync } = await import('node:sqlite')
    const database = new DatabaseSync(join(folder, 'tokenkeep.db'))
    database.prepare('UPDATE sessions SET generation = 0 WHERE id = ?').run(row!.id)
    const next = await renewed(refresh(current.refresh_token!, 'a5'))
    const events = database.prepare("SELECT * FROM events WHERE type = 'fast-forward'").all()
    expect(events).toHaveLength(1)
    database.close()
    await renewed(refresh(next.refresh_token!, 'a6'))
  })

  it('stores no token in the database', async () => {
    const { result } = await signIn()
    const next = await renewed(refresh(result.refresh_token!, 'a1'))
    const files = readdirSync(folder).filter((name) => name !== 'master.key')
    const dump = Buffer.concat(files.map((name) => readFileSync(join(folder, name)))).toString('latin1')
    for (const { refresh_token, auth_token } of [result, next]) {
      expect(dump).not.toContain(refresh_token)
      expect(dump).not.toContain(auth_token)
    }
    expect(dump).not.toContain(key)
    expect(dump).not.toMatch(/rt1\./)
  })

  it('never reports reuse for an honest client, in any order of refreshes, lost responses and late duplicates', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('refresh', 'lose', 'late', 'wait'), { maxLength: 25 }),
        async (moves) => {
          let { refresh_token: token } = (await signIn()).result
          let refreshes = 0
          const sent: [string, string][] = []
          for (const move of moves) {
            if (move === 'wait') now += 11_000
            else if (move === 'late') {
              const [old, retryId] = sent.at(-3) ?? []
              if (old) expect([201, 409]).toContain((await refresh(old, retryId)).status)
            } else {
              const retryId = `a${refreshes}`
              sent.push([token!, retryId])
              const answer = await renewed(refresh(token!, retryId))
              if (move === 'refresh') {
                token = answer.refresh_token
                refreshes += 1
              }
            }
          }
          await renewed(refresh(token!, `a${refreshes}`))
          await ask('DELETE', '/tokens', { refresh_token: token })
          await refused(refresh(token!, `a${refreshes}`), 'revoked')
        },
      ),
      { numRuns: 60, seed },
    )
  })
})

const step = fc.record({
  move: fc.constantFrom('refresh', 'refresh', 'refresh', 'wait', 'sign-out'),
  which: fc.nat(),
  retryId: fc.constantFrom('a', 'b', 'new', undefined),
})

it('rotates only the current generation, never decreases it, and never continues an ended session, for any order of requests', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const { userId, result } = await signIn()
      const user = Buffer.from(userId, 'base64url')
      const { sid } = JSON.parse(atob(result.auth_token.split('.')[1]!)) as { sid: string }
      const row = async () => (await store.sessions.find('demo', user, Buffer.from(sid, 'base64url')))!
      const tokens = [result.refresh_token!]
      const used: (string | undefined)[] = []
      for (const [index, { move, which, retryId: chosen }] of steps.entries()) {
        const retryId = chosen === 'new' ? `new-${index}` : chosen
        const before = await row()
        const generation = which % tokens.length
        if (move === 'wait') now += 6000
        else if (move === 'sign-out') await ask('DELETE', '/tokens', { refresh_token: tokens[generation] })
        else {
          const isCurrent = generation === before.generation && before.ended_at === null
          const rotates = isCurrent && !(retryId && used.slice(-8).includes(retryId))
          if (rotates) used.push(retryId)
          const answer = await refresh(tokens[generation]!, retryId)
          expect((await row()).generation).toBe(before.generation + Number(rotates))
          if (answer.status === 201) {
            const successor = (await renewed(answer)).refresh_token!
            if (rotates) tokens.push(successor)
            expect(successor).toBe(tokens.at(-1))
          }
        }
        expect((await row()).generation).toBeGreaterThanOrEqual(before.generation)
        if (before.ended_at !== null) expect((await row()).ended_at).toBe(before.ended_at)
      }
    }),
    { numRuns: 100, seed },
  )
})

describe('deadlines', () => {
  it('count inactivity from the last refresh that is not in the background', async () => {
    const { result } = await signIn()
    now += 6 * day
    const kept = await renewed(refresh(result.refresh_token!, 'a', undefined, { activity: 'background' }))
    expect(kept.inactivity_expires_in).toBe(result.inactivity_expires_in! - 6 * 86_400)
    now += 1 * day
    await refused(refresh(kept.refresh_token!), 'inactive')
  })

  it('end an active session at its absolute deadline', async () => {
    let { result } = await signIn()
    const end = now / 1000 + result.absolute_expires_in!
    for (let days = 0; days < 29; days += 5) {
      now += 5 * day - 1000
      result = await renewed(refresh(result.refresh_token!))
    }
    expect(JSON.parse(atob(result.auth_token.split('.')[1]!)).exp).toBeLessThanOrEqual(end)
    now += day
    await refused(refresh(result.refresh_token!), 'expired')
  })

  it('give the lifetime of the auth token in seconds with decimals', async () => {
    const { result } = await signIn()
    expect(result.auth_token_expires_in).toBeCloseTo(19.5, 3)
  })
})

describe('the end of sessions', () => {
  it('signs out with a token of any generation and always responds with 200', async () => {
    const { result } = await signIn()
    const next = await renewed(refresh(result.refresh_token!, 'a1'))
    expect((await ask('DELETE', '/tokens', { refresh_token: result.refresh_token })).status).toBe(200)
    await refused(refresh(next.refresh_token!), 'revoked')
    expect((await ask('DELETE', `/tokens?refresh_token=${result.refresh_token}`)).status).toBe(200)
    expect((await ask('DELETE', '/tokens?refresh_token=nonsense')).status).toBe(200)
    expect((await ask('DELETE', '/tokens')).status).toBe(200)
  })

  it('ends every session of the user, and no other, on revoke-all', async () => {
    const [one, two] = [await signIn(), await signIn()]
    const other = await signIn('grace')
    await manage('DELETE', `/users/${one.userId}/tokens`)
    for (const { result } of [one, two]) await refused(refresh(result.refresh_token!), 'revoked')
    await renewed(refresh(other.result.refresh_token!))
    await renewed(refresh((await signIn()).result.refresh_token!))
  })

  it('ends all sessions and refuses new ones after deactivation; activation brings none back', async () => {
    const { userId, result } = await signIn()
    await manage('PATCH', `/users/${userId}/deactivate`)
    await refused(refresh(result.refresh_token!), 'revoked')
    expect((await manage('POST', `/users/${userId}/sessions`)).status).toBe(403)
    await manage('PATCH', `/users/${userId}/activate`)
    await refused(refresh(result.refresh_token!), 'revoked')
    await renewed(refresh((await signIn()).result.refresh_token!))
  })

  it('ends a session by its id', async () => {
    const { userId, result } = await signIn()
    const { sessions } = await json<{ sessions: { id: string }[] }>(
      manage('GET', `/users/${userId}/sessions`),
    )
    expect((await manage('DELETE', `/users/${userId}/sessions/${sessions[0]!.id}`)).status).toBe(200)
    await refused(refresh(result.refresh_token!), 'revoked')
  })
})

describe('settings', () => {
  it('enables refresh tokens for later sign-ins only', async () => {
    await manage('PATCH', '/settings', { refresh_enabled: false })
    expect((await signIn()).result).not.toHaveProperty('refresh_token')
    await manage('PATCH', '/settings', { refresh_enabled: true })
    expect((await signIn()).result).toHaveProperty('refresh_token')
  })

  it('refuses invalid values and combinations, and a change of an outdated version', async () => {
    expect((await manage('PATCH', '/settings', { session_timeout_length: 4 })).status).toBe(400)
    expect((await manage('PATCH', '/settings', { session_timeout_length: 601 })).status).toBe(400)
    const none = { refresh_absolute_lifetime: 0, refresh_inactivity_lifetime: 0 }
    expect((await manage('PATCH', '/settings', none)).status).toBe(400)
    const stale = { authorization: `Bearer ${key}`, 'if-match': '"0"' }
    expect((await ask('PATCH', '/settings', {}, stale)).status).toBe(409)
  })

  it('applies a lower limit at the next refresh, and a higher limit to new sessions only', async () => {
    const { result } = await signIn()
    await manage('PATCH', '/settings', {
      refresh_absolute_lifetime: 90 * 86_400,
      refresh_inactivity_lifetime: 60 * 86_400,
    })
    now += 8 * day
    await refused(refresh(result.refresh_token!), 'inactive')
    const later = await signIn()
    await manage('PATCH', '/settings', { refresh_inactivity_lifetime: 3600 })
    now += 3_600_000
    await refused(refresh(later.result.refresh_token!), 'inactive')
    const last = await signIn()
    await manage('PATCH', '/settings', { refresh_absolute_lifetime: 10 })
    const { auth_token, absolute_expires_in } = await renewed(refresh(last.result.refresh_token!))
    expect(absolute_expires_in).toBe(10)
    expect(JSON.parse(atob(auth_token.split('.')[1]!)).exp).toBe(Math.floor(now / 1000) + 10)
  })
})

it('lists users by page and finds one by identifier', async () => {
  for (const identifier of ['ada', 'grace', 'edith']) await manage('POST', '/users', { identifier })
  const page = await json(manage('GET', '/users?limit=2&page=2'))
  expect(page).toMatchObject({ users: [{ status: 'active' }], total_users: 3, page: 2, limit: 2 })
  const found = await json(manage('GET', '/users?identifier=grace'))
  expect(found).toMatchObject({ users: [{ identifier: 'grace' }], total_users: 1 })
  expect(await json(manage('GET', '/users?identifier=nobody'))).toMatchObject({ users: [], total_users: 0 })
  expect((await manage('GET', '/users?limit=501')).status).toBe(400)
})

describe('bad input', () => {
  const cases: [string, string, string, unknown, number, string][] = [
    ['malformed JSON', 'POST', '/tokens', '{', 400, 'invalid_request'],
    ['a wrong type', 'POST', '/tokens', { refresh_token: 1 }, 400, 'invalid_request'],
    ['an empty body', 'POST', '/tokens', undefined, 400, 'invalid_request'],
    [
      'a text that is not a token',
      'POST',
      '/tokens',
      { refresh_token: 'rt1.junk' },
      401,
      'invalid_refresh_token',
    ],
    ['a large body', 'POST', '/tokens', { refresh_token: 'x'.repeat(1e6) }, 413, 'payload_too_large'],
    ['an unknown path', 'GET', '/nothing', undefined, 404, 'not_found'],
    ['no API key', 'POST', '/api-keys', { name: 'x' }, 401, 'invalid_access_token'],
    ['no auth token', 'GET', '/currentuser', undefined, 401, 'invalid_access_token'],
    ['an unknown user', 'POST', '/login/webauthn/start', { identifier: 'nobody' }, 404, 'user_not_found'],
    [
      'an unknown ceremony',
      'POST',
      '/login/webauthn/finish',
      { handshake_id: 'x', handshake_response: { id: 'x' } },
      401,
      'webauthn_login_failed',
    ],
  ]
  for (const [title, method, path, body, status, code] of cases)
    it(`${title}: ${status} ${code}`, async () => {
      const response = await ask(method, path, body)
      expect(response.status).toBe(status)
      expect(await response.json()).toEqual({ code, error: expect.any(String) })
    })

  it('a refresh token of another app: 401 invalid_refresh_token', async () => {
    const { result } = await signIn()
    await store.apps.add('other', app, 'system', now)
    const keys = deriveKeys(readMasterKey(folder))
    const server = createSessionServer({ store, keys, baseUrl: 'http://localhost:4000', now: () => now })
    const body = JSON.stringify({ refresh_token: result.refresh_token })
    await refused(
      server.fetch(
        new Request('http://localhost:4000/v1/apps/other/tokens', { method: 'POST', body }),
      ) as Promise<Response>,
    )
  })

  it('a sign-up for an existing user: 409', async () => {
    await signIn('ada')
    expect((await ask('POST', '/register/webauthn/start', { identifier: 'ada' })).status).toBe(409)
  })
})

it('responds with 503 if the database fails, and does not end the session', async () => {
  const { result } = await signIn()
  const broken = new Proxy(store, {
    get: (target, name: keyof Store) =>
      name === 'sessions'
        ? { ...target.sessions, rotate: () => Promise.reject(new StoreUnavailableError('disk I/O error')) }
        : target[name],
  })
  const server = createSessionServer({
    store: broken,
    keys: deriveKeys(readMasterKey(folder)),
    baseUrl: 'http://localhost:4000',
    now: () => now,
  })
  const body = JSON.stringify({ refresh_token: result.refresh_token })
  const response = await server.fetch(
    new Request('http://localhost:4000/v1/apps/demo/tokens', { method: 'POST', body }),
  )
  expect(response.status).toBe(503)
  expect(response.headers.get('retry-after')).toBe('1')
  await renewed(refresh(result.refresh_token!))
})

it('allows the app’s own origins by CORS, also with a trailing slash, and no others', async () => {
  const preflight = await ask('OPTIONS', '/tokens/', undefined, {
    origin,
    'access-control-request-method': 'POST',
  })
  expect(preflight.headers.get('access-control-allow-origin')).toBe(origin)
  expect(preflight.headers.get('access-control-allow-headers')).toContain('idempotency-key')
  const { result } = await signIn()
  const answer = await ask(
    'POST',
    '/tokens/',
    { refresh_token: result.refresh_token },
    { origin: 'https://evil.example' },
  )
  // It may read the refusal, and nothing else.
  expect([answer.status, answer.headers.get('access-control-allow-credentials')]).toEqual([403, null])
  // A page must be able to read errors. Otherwise they look like a lost connection.
  const error = await ask('POST', '/tokens', { refresh_token: 'rt1.junk' }, { origin })
  expect(error.status).toBe(401)
  expect(error.headers.get('access-control-allow-origin')).toBe(origin)
  const large = await ask('POST', '/tokens', 'x'.repeat(70_000), { origin })
  expect([large.status, large.headers.get('access-control-allow-origin')]).toEqual([413, origin])
})

it('accepts an auth token at /currentuser of its own app until it expires', async () => {
  const { userId, result } = await signIn()
  const me = (token: string) => ask('GET', '/currentuser', undefined, { authorization: `Bearer ${token}` })
  expect(await json(me(result.auth_token))).toMatchObject({ user: { id: userId, identifier: 'ada' } })
  expect((await me(`${result.auth_token.slice(0, -4)}AAAA`)).status).toBe(401)
  now += 21_000
  expect((await me(result.auth_token)).status).toBe(401)
})
