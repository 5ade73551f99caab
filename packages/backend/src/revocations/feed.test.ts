import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createBackend, type AuthTokenClaims, type FeedState, type Revocation } from '../index.ts'
import { createRevocationList } from './revocation-list.ts'
import { followRevocations, type RevocationFollower } from './feed.ts'
import { TestFeed } from '../../test/revocation-feed.ts'

const claims = (changes: Partial<AuthTokenClaims> = {}) =>
  ({ sub: 'ada', sid: 'first', epoch: 1, auth_time: 1000, ...changes }) as AuthTokenClaims
const session = (id: string, session_id: string): Revocation => ({
  id,
  at: 1000,
  type: 'session',
  session_id,
  user_id: 'ada',
})

describe('the revocation list', () => {
  const list = (...entries: object[]) => {
    const added = createRevocationList(600_000)
    for (const entry of entries) added.add({ id: '1', at: 1000, ...entry } as Revocation, 0)
    return added
  }
  const user = { type: 'user', user_id: 'ada' }

  it('contains one session and no other', () => {
    const revocations = list({ type: 'session', session_id: 'first', user_id: 'ada' })
    expect(revocations.isRevoked(claims())).toBe(true)
    expect(revocations.isRevoked(claims({ sid: 'second' }))).toBe(false)
  })

  it('contains all sessions of a user before an epoch', () => {
    const revocations = list({ ...user, epoch: 2 })
    expect(revocations.isRevoked(claims())).toBe(true)
    expect(revocations.isRevoked(claims({ epoch: 2, sid: 'new' }))).toBe(false)
    expect(revocations.isRevoked(claims({ sub: 'grace' }))).toBe(false)
  })

  it('leaves out the excepted session until a later revocation includes it', () => {
    const others = { ...user, epoch: 2, except: 'first' }
    expect(list(others).isRevoked(claims())).toBe(false)
    expect(list(others).isRevoked(claims({ sid: 'second' }))).toBe(true)
    const all = { ...user, epoch: 3 }
    expect(list(others, all).isRevoked(claims())).toBe(true)
    expect(list(all, others).isRevoked(claims())).toBe(true)
    const otherOne = { ...user, epoch: 3, except: 'second' }
    expect(list(others, otherOne).isRevoked(claims())).toBe(true)
    expect(list(others, otherOne).isRevoked(claims({ sid: 'second', epoch: 2 }))).toBe(false)
  })

  it('keeps an entry for as long as the last token lives, not in the order of arrival (case F17)', () => {
    const revocations = list()
    revocations.add({ ...session('1', 'long'), expires_at: 1000 + 86_400 }, 0)
    revocations.add(session('2', 'short'), 0)
    revocations.deleteExpired(600_000)
    expect(revocations.isRevoked(claims({ sid: 'short' }))).toBe(false)
    revocations.deleteExpired(86_400_000)
    expect(revocations.isRevoked(claims({ sid: 'long' }))).toBe(true)
    revocations.deleteExpired(86_460_000)
    expect(revocations.size).toBe(0)
  })

  it('knows which signing keys were dropped', () => {
    const revocations = list({ type: 'keys', kids: ['a', 'b'] })
    expect(['a', 'b', 'c'].map(revocations.isDropped)).toEqual([true, true, false])
    expect(revocations.isRevoked(claims())).toBe(false)
  })

  it('contains all sessions that began before a time', () => {
    const revocations = list({ type: 'app', not_before: 1001 }, { type: 'app', not_before: 900 })
    expect(revocations.isRevoked(claims())).toBe(true)
    expect(revocations.isRevoked(claims({ auth_time: 1001 }))).toBe(false)
  })

  it('keeps each entry once, for as long as a token can live', () => {
    const revocations = list()
    for (const at of [0, 300_000, 400_000]) revocations.add(session('1', 'first'), at)
    const grace = claims({ sub: 'grace', sid: 'hers' })
    for (const [epoch, at] of [
      [2, 0],
      [2, 100_000],
      [3, 300_000],
    ] as const)
      revocations.add({ id: '2', at: 1000, type: 'user', user_id: 'grace', epoch }, at)
    expect(revocations.size).toBe(2)
    revocations.deleteExpired(599_999)
    expect(revocations.isRevoked(claims())).toBe(true)
    revocations.deleteExpired(600_000)
    expect(revocations.isRevoked(claims())).toBe(false)
    expect(revocations.size).toBe(1)
    expect(revocations.isRevoked(grace)).toBe(true)
    revocations.deleteExpired(900_000)
    expect(revocations.size).toBe(0)
    expect(revocations.isRevoked(grace)).toBe(false)
  })
})

let server: TestFeed
let feed: RevocationFollower
let states: FeedState['status'][]
let now: number
const start = (options: Partial<Parameters<typeof followRevocations>[0]> = {}) => {
  feed = followRevocations({
    whenDown: 'accept',
    url: `${server.url}/v1/apps/demo/revocations`,
    apiKey: 'tk1.secret',
    fetch,
    now: Date.now,
    elapsed: () => now,
    clockToleranceSeconds: 5,
    ...options,
  })
  feed.subscribe(({ status }) => states.push(status))
  return feed
}
/** Checks a token. Resolves to `accepted` or to the error code. */
const check = (changes?: Partial<AuthTokenClaims>) =>
  feed.check(claims(changes)).then(
    () => 'accepted',
    ({ code }: { code: string }) => code,
  )

describe('followRevocations', () => {
  beforeEach(async () => {
    server = await TestFeed.start()
    states = []
    now = Date.now()
  })
  afterEach(async () => {
    feed.close()
    await server.stop()
  })

  describe('the connection', () => {
    it('is live once all earlier revocations are read, and receives later ones', async () => {
      server.backlog = [session('7', 'first')]
      await start().ready
      expect(feed.get().status).toBe('live')
      expect(await check()).toBe('token_revoked')
      expect(await check({ sid: 'second' })).toBe('accepted')
      server.send(session('8', 'second'))
      await expect.poll(() => check({ sid: 'second' })).toBe('token_revoked')
      expect(server.lastConnection.headers).toMatchObject({
        accept: 'text/event-stream',
        authorization: 'Bearer tk1.secret',
      })
      expect(server.lastConnection.headers).not.toHaveProperty('last-event-id')
    })

    it('resumes at its cursor after an outage, and keeps its revocations meanwhile', async () => {
      await start().ready
      server.send(session('8', 'first'))
      await expect.poll(() => check()).toBe('token_revoked')
      await server.stop()
      await expect.poll(() => feed.get().status).not.toBe('live')
      expect(feed.get().cause).toMatchObject({ code: 'unreachable' })
      expect(await check()).toBe('token_revoked')
      // This session is revoked during the outage.
      server.backlog = [session('9', 'second')]
      await server.restart()
      await expect.poll(() => feed.get().status).toBe('live')
      expect(server.lastConnection.headers['last-event-id']).toBe('8')
      expect(await check({ sid: 'second' })).toBe('token_revoked')
      expect(await check()).toBe('token_revoked')
      expect(states).toEqual(['live', 'connecting', 'live'])
    })

    it('counts a repeated entry once', async () => {
      server.backlog = [session('7', 'first'), session('8', 'second'), session('7', 'first')]
      await start().ready
      server.send(session('8', 'second'))
      server.send(session('9', 'third'))
      await expect.poll(() => check({ sid: 'third' })).toBe('token_revoked')
      expect(feed.size).toBe(3)
    })

    it('starts over if the server does not know the cursor', async () => {
      await start().ready
      server.send(session('8', 'first'))
      await expect.poll(() => check()).toBe('token_revoked')
      server.refuse = (cursor) => (cursor ? { status: 400, code: 'invalid_request' } : undefined)
      server.lastConnection.response.destroy()
      await expect.poll(() => server.connections.length).toBe(3)
      await expect.poll(() => feed.get().status).toBe('live')
      expect(server.connections.map(({ headers }) => headers['last-event-id'])).toEqual([
        undefined,
        '8',
        undefined,
      ])
    })

    it('reconnects after half an event or invalid JSON, and skips unknown types', async () => {
      await start().ready
      server.lastConnection.response.write('id: 8\nevent: revocation\ndata: {"id":"8","ty')
      server.lastConnection.response.destroy()
      await expect.poll(() => server.connections.length).toBe(2)
      await expect.poll(() => feed.get().status).toBe('live')
      expect(server.lastConnection.headers['last-event-id']).toBe('0')
      server.lastConnection.response.write('event: revocation\ndata: nonsense\n\n')
      await expect.poll(() => server.connections.length).toBe(3)
      await expect.poll(() => feed.get().status).toBe('live')
      server.lastConnection.response.write(
        'event: revocation\ndata: {"id":"9","at":1000,"type":"device"}\n\n',
      )
      server.send(session('10', 'first'))
      await expect.poll(() => check()).toBe('token_revoked')
      expect(server.connections).toHaveLength(3)
    })

    it('calls onRevocation for each entry', async () => {
      const revoked: string[] = []
      await start({ onRevocation: ({ id }) => revoked.push(id) }).ready
      server.send(session('8', 'first'))
      await expect.poll(() => revoked).toEqual(['8'])
    })

    it('ends after close()', async () => {
      await start().ready
      const disconnected = new Promise((resolve) => server.lastConnection.response.on('close', resolve))
      feed.close()
      await disconnected
      expect(feed.get().status).toBe('closed')
      expect(await check()).toBe('accepted')
      expect(server.connections).toHaveLength(1)
    })
  })

  describe('a silent connection', () => {
    it('is replaced after 20 s without a byte', async () => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      try {
        await start().ready
        await vi.advanceTimersByTimeAsync(19_000)
        expect(server.connections).toHaveLength(1)
        server.lastConnection.response.write(': still here\n\n')
        await vi.waitFor(async () => {
          await vi.advanceTimersByTimeAsync(0)
          expect(feed.get().status).toBe('live')
        })
        await vi.advanceTimersByTimeAsync(30_000)
        vi.useRealTimers()
        await expect.poll(() => server.connections.length).toBe(2)
      } finally {
        vi.useRealTimers()
      }
    })
  })

  describe('while the feed is down', () => {
    it('accepts valid tokens and still refuses known revocations if whenDown is accept', async () => {
      await start({ whenDown: 'accept', downAfterSeconds: 0.05 }).ready
      server.send(session('8', 'first'))
      await expect.poll(() => check()).toBe('token_revoked')
      await server.stop()
      await expect.poll(() => feed.get().status).toBe('down')
      expect(await check()).toBe('token_revoked')
      expect(await check({ sid: 'second' })).toBe('accepted')
      await server.restart()
      await expect.poll(() => feed.get().status).toBe('live')
      expect(states).toEqual(['live', 'connecting', 'down', 'live'])
    })

    it('refuses every token with 503 if whenDown is refuse, until the feed is live again', async () => {
      await start({ whenDown: 'refuse', downAfterSeconds: 0.05 }).ready
      await server.stop()
      await expect.poll(() => feed.get().status).toBe('down')
      await expect(feed.check(claims())).rejects.toMatchObject({
        code: 'revocations_unavailable',
        status: 503,
        cause: { code: 'unreachable' },
      })
      await server.restart()
      await expect.poll(() => check()).toBe('accepted')
    })

    it('waits at the start for earlier revocations if whenDown is refuse', async () => {
      server.backlog = [session('7', 'first')]
      start({ whenDown: 'refuse' })
      expect(await check()).toBe('token_revoked')
    })

    it('stops waiting after downAfterSeconds if whenDown is refuse and no server answers', async () => {
      await server.stop()
      start({ whenDown: 'refuse', downAfterSeconds: 0.2 })
      expect(await check()).toBe('revocations_unavailable')
      expect(states).toEqual(['down'])
      await server.restart()
    })

    it('has the cause in its state, such as a refused API key', async () => {
      server.refuse = () => ({ status: 401, code: 'invalid_access_token' })
      start({ downAfterSeconds: 0.05 })
      await expect
        .poll(() => feed.get())
        .toMatchObject({ status: 'down', cause: { code: 'invalid_access_token', status: 401 } })
    })
  })

  describe('100,000 ended sessions', () => {
    it('are kept once each, and deleted when they expire', async () => {
      const many = (from: string) =>
        Array.from({ length: 100_000 }, (_, index) => session(`${index}`, `${from}-${index}`))
      server.backlog = many('session')
      await start().ready
      expect(feed.size).toBe(100_000)
      // The feed sends all of them again.
      server.lastConnection.response.destroy()
      await expect.poll(() => server.connections.length).toBe(2)
      await expect.poll(() => feed.get().status, { timeout: 60_000 }).toBe('live')
      expect(feed.size).toBe(100_000)
      expect(await check({ sid: 'session-99999' })).toBe('token_revoked')
      now += 666_000
      server.lastConnection.response.write(': still here\n\n')
      await expect.poll(() => feed.size).toBe(0)
    }, 120_000)
  })

  it('throws if the backend has an open feed already', async () => {
    const backend = createBackend({ url: server.url, appId: 'demo', apiKey: 'tk1.secret' })
    const following = backend.revocations({ whenDown: 'accept' })
    feed = following as RevocationFollower
    await following.ready
    expect(() => backend.revocations({ whenDown: 'accept' })).toThrow(TypeError)
    following.close()
    backend.revocations({ whenDown: 'refuse' }).close()
    expect(() => backend.revocations({ whenDown: 'maybe' as 'accept' })).toThrow(TypeError)
  })
})
