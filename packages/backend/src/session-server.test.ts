import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AuthResult, Backend, RevocationFeed, User } from './index.ts'
import { TestSessionServer } from '../test/session-server.ts'

let server: TestSessionServer
let backend: Backend
let user: User
beforeAll(async () => {
  server = await TestSessionServer.create()
})
beforeEach(async () => {
  backend = server.backend()
  user = await backend.users.create({ identifier: `${randomUUID()}@example.com` })
})
afterAll(() => server.dispose())

const refresh = async (result: AuthResult): Promise<AuthResult | string> => {
  const response = await server.tokens('POST', result.refresh_token!)
  const body = (await response.json()) as { auth_result: AuthResult; code: string }
  return response.ok ? body.auth_result : body.code
}

describe('users of the session server', () => {
  it('can be created, found, changed and deleted', async () => {
    const { users } = backend
    expect(user).toMatchObject({ status: 'active', login_count: 0 })
    expect(await users.get(user.id)).toEqual(user)
    expect(await users.getByIdentifier(user.identifier)).toMatchObject({ id: user.id })
    await expect(users.create({ identifier: user.identifier })).rejects.toMatchObject({ code: 'conflict' })
    const changed = await users.update(user.id, { user_metadata: { team: 'blue' } })
    expect(changed).toMatchObject({ identifier: user.identifier, user_metadata: { team: 'blue' } })
    await users.delete(user.id)
    await users.delete(user.id)
    expect(await users.get(user.id)).toBeUndefined()
    expect(await users.getByIdentifier(user.identifier)).toBeUndefined()
    await expect(users.update(user.id, {})).rejects.toMatchObject({ code: 'user_not_found', status: 404 })
  })

  it('are listed by page without overlaps', async () => {
    for (let index = 0; index < 5; index++)
      await backend.users.create({ identifier: `page-${index}@example.com` })
    const query = { search: 'PAGE-', limit: 2, order_by: 'identifier:asc' } as const
    const pages = [await backend.users.list(query)]
    for (const page of [2, 3])
      pages.push(await backend.users.list({ ...query, page, created_before: pages[0]!.created_before }))
    expect(pages.map(({ users }) => users.map(({ identifier }) => identifier))).toEqual([
      ['page-0@example.com', 'page-1@example.com'],
      ['page-2@example.com', 'page-3@example.com'],
      ['page-4@example.com'],
    ])
    expect(pages[0]).toMatchObject({ total_users: 5, page: 1, limit: 2 })
  })

  it('have sessions that say when and how the person authenticated elsewhere', async () => {
    const authTime = Math.floor(Date.now() / 1000) - 100
    const how = { amr: ['pwd', 'otp'], acr: 'urn:example:silver' }
    const { auth_token } = await backend.users.createSession(user.id, { authTime, ...how })
    const { claims } = await backend.verifyAuthToken(auth_token)
    expect(claims).toMatchObject({ auth_time: authTime, ...how })
  })

  it('have sessions that can be created, listed and ended', async () => {
    const { users } = backend
    const first = await users.createSession(user.id)
    const second = await users.createSession(user.id)
    const { sessionId, userId } = await backend.verifyAuthToken(first.auth_token)
    expect(userId).toBe(user.id)
    expect(await users.listSessions(user.id)).toHaveLength(2)
    await users.endSession(user.id, sessionId)
    await users.endSession(user.id, sessionId)
    expect(await users.listSessions(user.id)).toHaveLength(1)
    expect(await refresh(first)).toBe('invalid_refresh_token')
    expect(await refresh(second)).toMatchObject({ auth_token: expect.any(String) })
  })

  it('sign in again for a route that asks for a recent sign-in, because a refresh is none (RFC 9470)', async () => {
    const later = server.backend({ now: () => Date.now() + 60_000 })
    const ask = async (on: Backend, { auth_token }: AuthResult) => {
      const headers = { authorization: `Bearer ${auth_token}` }
      return on.authenticate({ method: 'GET', headers }, { maxAgeSeconds: 30 })
    }
    const first = await backend.users.createSession(user.id)
    expect(await ask(backend, first)).toMatchObject({ userId: user.id })
    const stale = { code: 'insufficient_user_authentication' }
    await expect(ask(later, first)).rejects.toMatchObject(stale)
    await expect(ask(later, (await refresh(first)) as AuthResult)).rejects.toMatchObject(stale)
    expect(await ask(backend, await backend.users.createSession(user.id))).toMatchObject({ userId: user.id })
  })

  it('lose all refresh tokens, or all except those of one session, after revokeRefreshTokens', async () => {
    const { users } = backend
    const [first, second, third] = await Promise.all([1, 2, 3].map(() => users.createSession(user.id)))
    const { sessionId } = await backend.verifyAuthToken(second!.auth_token)
    await users.revokeRefreshTokens(user.id, { except: sessionId })
    expect(await refresh(first!)).toBe('invalid_refresh_token')
    expect(await refresh(third!)).toBe('invalid_refresh_token')
    const successor = await refresh(second!)
    expect(successor).toMatchObject({ auth_token: expect.any(String) })
    await users.revokeRefreshTokens(user.id)
    expect(await refresh(successor as AuthResult)).toBe('invalid_refresh_token')
    expect(await users.listSessions(user.id)).toEqual([])
  })

  it('lose all sessions when they are deactivated, and get none back when they are activated', async () => {
    const { users } = backend
    const session = await users.createSession(user.id)
    expect(await users.deactivate(user.id)).toMatchObject({ status: 'inactive' })
    expect(await refresh(session)).toBe('invalid_refresh_token')
    await expect(users.createSession(user.id)).rejects.toMatchObject({ code: 'user_not_active', status: 403 })
    expect(await users.activate(user.id)).toMatchObject({ status: 'active' })
    expect(await refresh(session)).toBe('invalid_refresh_token')
    await users.createSession(user.id)
  })
})

describe('settings', () => {
  it('are read and changed, and reject an update of an old version', async () => {
    const { version, session_timeout_length } = await backend.settings.get()
    expect(session_timeout_length).toBe(300)
    const changed = await backend.settings.update({ session_timeout_length: 290 }, { version })
    expect(changed).toMatchObject({ session_timeout_length: 290, refresh_inactivity_lifetime: 3600 })
    await expect(backend.settings.update({ session_timeout_length: 280 }, { version })).rejects.toMatchObject(
      { code: 'conflict', status: 409 },
    )
    await expect(backend.settings.update({ session_timeout_length: 601 })).rejects.toMatchObject({
      code: 'invalid_request',
      message:
        'with refresh tokens on, an auth token lives 5 to 600 seconds. https://tokenkeep.dev/errors/#invalid_request',
    })
    expect(await backend.settings.get()).toEqual(changed)
  })
})

describe('keys and tokens', () => {
  it('are rejected by another app', async () => {
    const other = server.backend({ appId: 'other' })
    await expect(other.users.get(user.id)).rejects.toMatchObject({
      code: 'invalid_access_token',
      status: 401,
    })
    const session = await backend.users.createSession(user.id)
    await expect(other.verifyAuthToken(session.auth_token)).rejects.toMatchObject({ code: 'token_invalid' })
  })

  it('are not interchangeable: a refresh token is rejected as an auth token', async () => {
    const { refresh_token } = await backend.users.createSession(user.id)
    await expect(backend.verifyAuthToken(refresh_token!)).rejects.toMatchObject({ code: 'token_invalid' })
  })

  it('stay valid when the signing key is rotated', async () => {
    const before = await backend.users.createSession(user.id)
    await backend.verifyAuthToken(before.auth_token)
    await server.manage('POST', '/signing-keys', {})
    const after = await backend.users.createSession(user.id)
    expect(after.auth_token.split('.')[0]).not.toBe(before.auth_token.split('.')[0])
    await backend.verifyAuthToken(after.auth_token)
    await backend.verifyAuthToken(before.auth_token)
  })
})

describe('revocations', () => {
  let feed: RevocationFeed
  beforeEach(async () => {
    feed = backend.revocations({ whenDown: 'refuse' })
    await feed.ready
  })
  afterEach(() => feed.close())

  const open = async (id = user.id) => {
    const result = await backend.users.createSession(id)
    const request = new Request('https://api.example.com/', {
      headers: { authorization: `Bearer ${result.auth_token}` },
    })
    /** How an API answers the auth token of this session. */
    const answer = () =>
      backend.authenticate(request).then(
        () => 'accepted',
        ({ code }: { code: string }) => code,
      )
    expect(await answer()).toBe('accepted')
    const { sessionId } = await backend.verifyAuthToken(result.auth_token)
    return { ...result, sessionId, answer }
  }
  /** A revocation must be known within a second. On a busy machine, a request takes its share of that longer. */
  async function promptly(): Promise<{ timeout: number; interval: number }> {
    const started = performance.now()
    await backend.users.get(user.id)
    return { timeout: 1000 + 20 * (performance.now() - started), interval: 20 }
  }

  it('include a sign-out and a session that an API ended', async () => {
    const [signedOut, ended, other] = [await open(), await open(), await open()]
    await server.tokens('DELETE', signedOut.refresh_token!)
    await expect.poll(signedOut.answer, await promptly()).toBe('token_revoked')
    await backend.users.endSession(user.id, ended.sessionId)
    await expect.poll(ended.answer, await promptly()).toBe('token_revoked')
    expect(await other.answer()).toBe('accepted')
  })

  it('include a session whose refresh token was reused', async () => {
    const victim = await open()
    const successor = (await refresh(victim)) as AuthResult
    await refresh(successor)
    expect(await refresh(victim)).toBe('invalid_refresh_token')
    await expect.poll(victim.answer, await promptly()).toBe('token_revoked')
  })

  it('include all sessions of a user who is revoked, deactivated or deleted', async () => {
    for (const end of [
      () => backend.users.revokeRefreshTokens(user.id),
      async () => {
        await backend.users.deactivate(user.id)
        await backend.users.activate(user.id)
      },
      () => backend.users.delete(user.id),
    ]) {
      const [first, second] = [await open(), await open()]
      await end()
      await expect.poll(first.answer, await promptly()).toBe('token_revoked')
      expect(await second.answer()).toBe('token_revoked')
    }
  })

  it('include all sessions of a user except one', async () => {
    const [kept, ended] = [await open(), await open()]
    await backend.users.revokeRefreshTokens(user.id, { except: kept.sessionId })
    await expect.poll(ended.answer, await promptly()).toBe('token_revoked')
    expect(await kept.answer()).toBe('accepted')
  })

  it('that happen during an outage are known once the feed is live again, and earlier ones are kept', async () => {
    const [before, during] = [await open(), await open()]
    await backend.users.endSession(user.id, before.sessionId)
    await expect.poll(before.answer, await promptly()).toBe('token_revoked')
    await server.stop()
    await expect.poll(() => feed.get().status).not.toBe('live')
    expect(await before.answer()).toBe('token_revoked')
    await server.start()
    // The session ends before the feed can have reconnected.
    await server.backend().users.endSession(user.id, during.sessionId)
    await expect.poll(() => feed.get().status).toBe('live')
    await expect.poll(during.answer, await promptly()).toBe('token_revoked')
    expect(await before.answer()).toBe('token_revoked')
    const after = await open()
    await backend.users.endSession(user.id, after.sessionId)
    await expect.poll(after.answer, await promptly()).toBe('token_revoked')
  })

  it('that happened before a backend is created are known to it', async () => {
    const { sessionId, auth_token } = await open()
    await backend.users.endSession(user.id, sessionId)
    const fresh = server.backend()
    const following = fresh.revocations({ whenDown: 'refuse' })
    await expect(fresh.verifyAuthToken(auth_token)).rejects.toMatchObject({ code: 'token_revoked' })
    following.close()
  })

  it('need no request per verified token', async () => {
    const requests: string[] = []
    const counted = server.backend({
      fetch: (input, init) => {
        requests.push(new URL(String(input)).pathname.split('/').at(-1)!)
        return fetch(input, init)
      },
    })
    const following = counted.revocations({ whenDown: 'accept' })
    await following.ready
    const { auth_token } = await backend.users.createSession(user.id)
    for (let calls = 0; calls < 100; calls++) await counted.verifyAuthToken(auth_token)
    expect(requests).toEqual(['revocations', 'jwks.json'])
    following.close()
  })

  it('include all auth tokens that a stolen signing key signed, although that key is still known here', async () => {
    const [before, renewed] = [await open(), await open()]
    await server.manage('POST', '/signing-keys', { stolen: true })
    await expect.poll(before.answer, await promptly()).toBe('token_invalid')
    const next = (await refresh(renewed)) as AuthResult
    await expect.poll(() => backend.verifyAuthToken(next.auth_token), await promptly()).toBeTruthy()
  })

  it('include all sessions of the app', async () => {
    const session = await open()
    await server.manage('DELETE', '/sessions')
    await expect.poll(session.answer, await promptly()).toBe('token_revoked')
  })
})
