import type { Revocation } from '@tokenkeep/protocol'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createAuthenticator } from '../../test/authenticator.ts'
import { createCeremonies } from '../../test/ceremonies.ts'
import { places } from '../../test/stores.ts'
import { baseUrl, day, minute, origin, resultOf, worldOfSuite, type World } from '../../test/world.ts'
import { createApiKey } from '../index.ts'
import { createHousekeeping } from '../operations/housekeeping.ts'
import { prepareConsole } from '../operations/console-app.ts'
import { deriveKeys } from '../tokens/derived-keys.ts'
import { masterKey } from '../../test/world.ts'

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

async function openStream(world: World, token: string) {
  const response = await world.ask('GET', '/revocations', undefined, {
    ...bearer(token),
    accept: 'text/event-stream',
  })
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  return {
    /** Reads until the text contains `part`, or to the end of the stream. Returns all text. */
    async until(part?: string): Promise<string> {
      for (;;) {
        if (part !== undefined && text.includes(part)) return text
        const { value, done } = await reader.read()
        if (done) return text
        text += value
      }
    },
  }
}

describe.each(places)('a grant looks again at what it rests on, on $name', async ({ make }) => {
  const world = await worldOfSuite(make)
  const passkeys = createCeremonies(world)
  afterEach(() => void vi.useRealTimers())

  const consoleKey = async () =>
    (await createApiKey(world.store, 'console', 'tests', 'system', world.now)).secret
  /** Signs an admin in. `manage` calls the app of the Console. */
  const signInAdmin = async () => {
    await prepareConsole(world.store, baseUrl, world.now)
    const key = await consoleKey()
    const manage = (method: string, path: string, body?: object) =>
      world.ask(method, `//v1/apps/console${path}`, body, bearer(key))
    const made = await manage('POST', '/users', { identifier: `admin-${crypto.randomUUID()}` })
    const { user } = (await made.json()) as { user: { id: string } }
    return { id: user.id, ...(await resultOf(manage('POST', `/users/${user.id}/sessions`))), manage }
  }
  const newKey = async () => {
    const created = await world.manage('POST', '/api-keys', { name: 'of a stream' })
    return (await created.json()) as { api_key: { id: string }; secret: string }
  }

  describe('a stream of revocations', () => {
    it.each([
      'a deleted key',
      'an admin who is signed out',
      'an admin who is deactivated',
      'an expired token',
    ])('ends with %s, before it tells anything more (case G6)', async (what) => {
      const key = await newKey()
      const admin = await signInAdmin()
      const stream = await openStream(world, what === 'a deleted key' ? key.secret : admin.auth_token)
      await stream.until('event: ready')
      const later = performance.now() + 1000
      await expect.poll(() => performance.now()).toBeGreaterThan(later)
      if (what === 'a deleted key') await world.manage('DELETE', `/api-keys/${key.api_key.id}`)
      if (what === 'an admin who is signed out')
        await admin.manage('DELETE', `/users/${admin.id}/sessions/${admin.session_id}`)
      if (what === 'an admin who is deactivated') await admin.manage('PATCH', `/users/${admin.id}/deactivate`)
      if (what === 'an expired token') world.now += 10 * minute
      const { userId, sessionId } = await world.signIn()
      await world.manage('DELETE', `/users/${userId}/sessions/${sessionId}`)
      expect(await stream.until()).not.toContain(sessionId)
    })

    it('ends at the next heartbeat, although nothing happens (case G6)', async () => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
      const key = await newKey()
      const stream = await openStream(world, key.secret)
      await stream.until('event: ready')
      vi.advanceTimersByTime(15_000)
      await stream.until(': alive')
      await world.manage('DELETE', `/api-keys/${key.api_key.id}`)
      vi.advanceTimersByTime(15_000)
      expect(await stream.until()).toContain(': alive')
    })
  })

  describe('an invitation', () => {
    it.each(['the key', 'the admin by deletion', 'the admin by deactivation'])(
      'ends with its maker: %s (case G6)',
      async (maker) => {
        const key = await newKey()
        const admin = await signInAdmin()
        const by = maker === 'the key' ? key.secret : admin.auth_token
        const made = await world.ask('POST', '/invitations', {}, bearer(by))
        const { secret, invitation } = (await made.json()) as { secret: string; invitation: { id: string } }
        const begun = await passkeys.startSignUp({ identifier: crypto.randomUUID(), invitation: secret })
        expect(begun.status).toBe(200)
        if (maker === 'the key') await world.manage('DELETE', `/api-keys/${key.api_key.id}`)
        else if (maker.endsWith('deletion')) await admin.manage('DELETE', `/users/${admin.id}`)
        else await admin.manage('PATCH', `/users/${admin.id}/deactivate`)
        expect((await passkeys.finishSignUp(begun, createAuthenticator(origin))).status).toBe(403)
        expect((await passkeys.startSignUp({ identifier: 'x', invitation: secret })).status).toBe(403)
        const listed = await (await world.manage('GET', '/invitations')).json()
        expect(JSON.stringify(listed)).not.toContain(invitation.id)
      },
    )

    it('of the first admin ends when there is an admin (case G6)', async () => {
      const { store } = world
      await signInAdmin()
      const hash = Buffer.alloc(32, 1)
      await store.invitations.add(
        'console',
        { id: Buffer.alloc(16, 1), hash, first: true, expiresAt: world.now + minute },
        'system',
        world.now,
      )
      expect(await store.invitations.find('console', hash, world.now)).toBeUndefined()
    })
  })

  describe('a revocation', () => {
    const feed = async (): Promise<Revocation[]> => {
      const answer = await world.manage('GET', '/revocations')
      return ((await answer.json()) as { revocations: Revocation[] }).revocations
    }
    const settings = (change: object) => world.manage('PATCH', '/settings', change)
    const housekeep = () =>
      createHousekeeping({ store: world.store, keys: deriveKeys(masterKey), now: () => world.now }).round()

    it.each(['the session', 'all sessions of the user', 'all sessions of the app'])(
      'of %s is remembered until the last token has expired (case F17, hole H3, T26)',
      async (what) => {
        await settings({ refresh_enabled: false, session_timeout_length: 86_400 })
        const { userId, sessionId, result } = await world.signIn()
        // A shorter life later does not shorten a token that was issued before.
        await settings({ session_timeout_length: 300 })
        world.now += minute
        if (what === 'the session') await world.manage('DELETE', `/users/${userId}/sessions/${sessionId}`)
        else if (what === 'all sessions of the user') await world.manage('DELETE', `/users/${userId}/tokens`)
        else await world.manage('DELETE', '/sessions')
        const expiry = world.now - minute + 1000 * result.auth_token_expires_in
        // The id depends on which transactions are open at the time of the reading.
        const [{ id: _id, ...entry }] = (await feed()).slice(-1) as [Revocation]
        expect(entry.expires_at! * 1000).toBeGreaterThanOrEqual(expiry)
        world.now = expiry - minute
        await housekeep()
        expect(await feed()).toContainEqual(expect.objectContaining(entry))
        world.now += 3 * minute
        await housekeep()
        expect(await feed()).not.toContainEqual(expect.objectContaining(entry))
        await settings({ refresh_enabled: true })
      },
    )

    it('of a session with refresh tokens is needed for ten minutes only', async () => {
      world.now += 2 * day
      const { userId, sessionId } = await world.signIn()
      await world.manage('DELETE', `/users/${userId}/sessions/${sessionId}`)
      const [entry] = await feed()
      expect(entry!.expires_at! - entry!.at).toBeLessThanOrEqual(601)
    })
  })

  it('a session with refresh tokens ends at the next refresh once they are off (case F18)', async () => {
    const { userId, result } = await world.signIn()
    const other = await world.signIn()
    const off = { refresh_enabled: false, session_timeout_length: 86_400 }
    await world.manage('PATCH', '/settings', off)
    const refused = await world.refresh(result.refresh_token!, 'a')
    expect([refused.status, await refused.json()]).toMatchObject([401, { reason: 'revoked' }])
    // Another dialect is no way around it.
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: 'demo',
      refresh_token: other.result.refresh_token!,
    })
    const request = new Request(`${baseUrl}/v1/apps/demo/oauth/token`, { method: 'POST', body })
    expect((await world.server.fetch(request)).status).toBe(400)
    await world.manage('PATCH', '/settings', { refresh_enabled: true, session_timeout_length: 300 })
    expect((await world.refresh(result.refresh_token!, 'b')).status).toBe(401)
    const { events } = (await (await world.manage('GET', `/events?user_id=${userId}&limit=1`)).json()) as {
      events: object[]
    }
    expect(events).toMatchObject([{ type: 'session-ended', data: { because: 'refresh-off' } }])
  })

  it('an auth token is refused at once when the signing keys may be stolen', async () => {
    const { result } = await world.signIn()
    const me = () => world.ask('GET', '/currentuser', undefined, bearer(result.auth_token))
    const jwks = async () => {
      const { keys } = (await (await world.ask('GET', '/.well-known/jwks.json')).json()) as {
        keys: { kid: string }[]
      }
      return keys.map(({ kid }) => kid)
    }
    const before = await jwks()
    await world.manage('POST', '/signing-keys', {})
    expect((await me()).status).toBe(200)
    const known = await jwks()
    expect(known).toEqual(expect.arrayContaining(before))
    expect((await world.manage('POST', '/signing-keys', { stolen: true })).status).toBe(201)
    expect((await me()).status).toBe(401)
    const after = await jwks()
    expect(after.filter((kid) => known.includes(kid))).toEqual([])
    const page = await (await world.manage('GET', '/revocations')).json()
    const { revocations } = page as { revocations: Revocation[] }
    expect(revocations.at(-1)).toMatchObject({ type: 'keys', kids: expect.arrayContaining(known) })
    // The session goes on: its refresh token was not signed with these keys.
    const next = await resultOf(world.refresh(result.refresh_token!, 'a'))
    expect((await world.ask('GET', '/currentuser', undefined, bearer(next.auth_token))).status).toBe(200)
  })
})
