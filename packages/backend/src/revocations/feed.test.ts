import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createBackend, type AuthTokenClaims, type FeedState, type Revocation } from '../index.ts'
import { createRevocationList } from './revocation-list.ts'
import { follow, type Following } from './feed.ts'
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

describe('what has ended', () => {
  const list = (...entries: object[]) => {
    const revocations = createRevocationList(600_000)
    for (const entry of entries) revocations.add({ id: '1', at: 1000, ...entry } as Revocation, 0)
    return revocations
  }
  const user = { type: 'user', user_id: 'ada' }

  it('a session, and no other', () => {
    const ended = list({ type: 'session', session_id: 'first', user_id: 'ada' })
    expect(ended.covers(claims())).toBe(true)
    expect(ended.covers(claims({ sid: 'second' }))).toBe(false)
  })

  it('all sessions of a user up to an epoch', () => {
    const ended = list({ ...user, epoch: 2 })
    expect(ended.covers(claims())).toBe(true)
    expect(ended.covers(claims({ epoch: 2, sid: 'new' }))).toBe(false)
    expect(ended.covers(claims({ sub: 'grace' }))).toBe(false)
  })

  it('all but one, which a later revocation of all ends too', () => {
    const others = { ...user, epoch: 2, except: 'first' }
    expect(list(others).covers(claims())).toBe(false)
    expect(list(others).covers(claims({ sid: 'second' }))).toBe(true)
    const all = { ...user, epoch: 3 }
    expect(list(others, all).covers(claims())).toBe(true)
    expect(list(all, others).covers(claims())).toBe(true)
    const otherOne = { ...user, epoch: 3, except: 'second' }
    expect(list(others, otherOne).covers(claims())).toBe(true)
    expect(list(others, otherOne).covers(claims({ sid: 'second', epoch: 2 }))).toBe(false)
  })

  it('all that signed in before a time', () => {
    const ended = list({ type: 'app', not_before: 1001 }, { type: 'app', not_before: 900 })
    expect(ended.covers(claims())).toBe(true)
    expect(ended.covers(claims({ auth_time: 1001 }))).toBe(false)
  })

  it('is remembered once, and for as long as a token can live', () => {
    const ended = list()
    for (const at of [0, 300_000, 400_000]) ended.add(session('1', 'first'), at)
    const grace = claims({ sub: 'grace', sid: 'hers' })
    for (const [epoch, at] of [
      [2, 0],
      [2, 100_000],
      [3, 300_000],
    ] as const)
      ended.add({ id: '2', at: 1000, type: 'user', user_id: 'grace', epoch }, at)
    expect(ended.size).toBe(2)
    ended.expire(599_999)
    expect(ended.covers(claims())).toBe(true)
    ended.expire(600_000)
    expect(ended.covers(claims())).toBe(false)
    expect(ended.size).toBe(1)
    expect(ended.covers(grace)).toBe(true)
    ended.expire(900_000)
    expect(ended.size).toBe(0)
    expect(ended.covers(grace)).toBe(false)
  })
})

let server: TestFeed
let feed: Following
let states: FeedState['status'][]
let now: number
const start = (options: Partial<Parameters<typeof follow>[0]> = {}) => {
  feed = follow({
    whenDown: 'accept',
    url: `${server.url}/v1/apps/demo/revocations`,
    apiKey: 'tk1.secret',
    fetch,
    now: () => now,
    clockToleranceSeconds: 5,
    ...options,
  })
  feed.subscribe(({ status }) => states.push(status))
  return feed
}
const ended = (changes?: Partial<AuthTokenClaims>) =>
  feed.check(claims(changes)).then(
    () => 'good',
    ({ code }: { code: string }) => code,
  )

describe('a follower', () => {
  beforeEach(async () => {
    server = await TestFeed.start()
    states = []
    now = Date.now()
  })
  afterEach(async () => {
    feed.close()
    await server.stop()
  })

  describe('the feed', () => {
    it('is read to its end before it counts as live, then followed', async () => {
      server.backlog = [session('7', 'first')]
      await start().ready
      expect(feed.get().status).toBe('live')
      expect(await ended()).toBe('token_revoked')
      expect(await ended({ sid: 'second' })).toBe('good')
      server.send(session('8', 'second'))
      await expect.poll(() => ended({ sid: 'second' })).toBe('token_revoked')
      expect(server.last.headers).toMatchObject({
        accept: 'text/event-stream',
        authorization: 'Bearer tk1.secret',
      })
      expect(server.last.headers).not.toHaveProperty('last-event-id')
    })

    it('goes on where it was after the server has been away, and forgets nothing meanwhile', async () => {
      await start().ready
      server.send(session('8', 'first'))
      await expect.poll(() => ended()).toBe('token_revoked')
      await server.stop()
      await expect.poll(() => feed.get().status).toBe('connecting')
      expect(feed.get().cause).toMatchObject({ code: 'unreachable' })
      expect(await ended()).toBe('token_revoked')
      // Revoked while nobody listened.
      server.backlog = [session('9', 'second')]
      await server.restart()
      await expect.poll(() => feed.get().status).toBe('live')
      expect(server.last.headers['last-event-id']).toBe('8')
      expect(await ended({ sid: 'second' })).toBe('token_revoked')
      expect(await ended()).toBe('token_revoked')
      expect(states).toEqual(['live', 'connecting', 'live'])
    })

    it('takes entries twice without harm', async () => {
      server.backlog = [session('7', 'first'), session('8', 'second'), session('7', 'first')]
      await start().ready
      server.send(session('8', 'second'))
      server.send(session('9', 'third'))
      await expect.poll(() => ended({ sid: 'third' })).toBe('token_revoked')
      expect(feed.size).toBe(3)
    })

    it('starts over where the server does not know the cursor', async () => {
      await start().ready
      server.send(session('8', 'first'))
      await expect.poll(() => ended()).toBe('token_revoked')
      server.refusal = (cursor) => (cursor ? { status: 400, code: 'invalid_request' } : undefined)
      server.last.response.destroy()
      await expect.poll(() => feed.get().status).toBe('connecting')
      await expect.poll(() => feed.get().status, { timeout: 5000 }).toBe('live')
      expect(server.connections.map(({ headers }) => headers['last-event-id'])).toEqual([
        undefined,
        '8',
        undefined,
      ])
    })

    it('comes back from half an event, nonsense, and entries of a later version', async () => {
      await start().ready
      server.last.response.write('id: 8\nevent: revocation\ndata: {"id":"8","ty')
      server.last.response.destroy()
      await expect.poll(() => server.connections.length).toBe(2)
      await expect.poll(() => feed.get().status).toBe('live')
      expect(server.last.headers['last-event-id']).toBe('0')
      server.last.response.write('event: revocation\ndata: nonsense\n\n')
      await expect.poll(() => server.connections.length).toBe(3)
      await expect.poll(() => feed.get().status).toBe('live')
      server.last.response.write('event: revocation\ndata: {"id":"9","at":1000,"type":"device"}\n\n')
      server.send(session('10', 'first'))
      await expect.poll(() => ended()).toBe('token_revoked')
      expect(server.connections).toHaveLength(3)
    })

    it('tells of each entry', async () => {
      const told: string[] = []
      await start({ onRevocation: ({ id }) => told.push(id) }).ready
      server.send(session('8', 'first'))
      await expect.poll(() => told).toEqual(['8'])
    })

    it('ends when it is closed', async () => {
      await start().ready
      const gone = new Promise((resolve) => server.last.response.on('close', resolve))
      feed.close()
      await gone
      expect(feed.get().status).toBe('closed')
      expect(await ended()).toBe('good')
      expect(server.connections).toHaveLength(1)
    })
  })

  describe('a connection that falls silent', () => {
    it('is given up after 20 s, and made anew', async () => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      try {
        await start().ready
        await vi.advanceTimersByTimeAsync(19_000)
        expect(server.connections).toHaveLength(1)
        server.last.response.write(': still here\n\n')
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
    it('accept: lets good tokens in, and still refuses those it knows of', async () => {
      await start({ whenDown: 'accept', downAfterSeconds: 0.05 }).ready
      server.send(session('8', 'first'))
      await expect.poll(() => ended()).toBe('token_revoked')
      await server.stop()
      await expect.poll(() => feed.get().status).toBe('down')
      expect(await ended()).toBe('token_revoked')
      expect(await ended({ sid: 'second' })).toBe('good')
      await server.restart()
      await expect.poll(() => feed.get().status).toBe('live')
      expect(states).toEqual(['live', 'connecting', 'down', 'live'])
    })

    it('refuse: lets nobody in, with 503, until it is live again', async () => {
      await start({ whenDown: 'refuse', downAfterSeconds: 0.05 }).ready
      await server.stop()
      await expect.poll(() => feed.get().status).toBe('down')
      await expect(feed.check(claims())).rejects.toMatchObject({
        code: 'revocations_unavailable',
        status: 503,
        cause: { code: 'unreachable' },
      })
      await server.restart()
      await expect.poll(() => ended()).toBe('good')
    })

    it('refuse: waits at the start for what has ended before', async () => {
      server.backlog = [session('7', 'first')]
      start({ whenDown: 'refuse' })
      expect(await ended()).toBe('token_revoked')
    })

    it('refuse: does not wait for ever for a server that was never there', async () => {
      await server.stop()
      start({ whenDown: 'refuse', downAfterSeconds: 0.2 })
      expect(await ended()).toBe('revocations_unavailable')
      expect(states).toEqual(['down'])
      await server.restart()
    })

    it('says why: a key that is not accepted', async () => {
      server.refusal = () => ({ status: 401, code: 'invalid_access_token' })
      start({ downAfterSeconds: 0.05 })
      await expect
        .poll(() => feed.get())
        .toMatchObject({ status: 'down', cause: { code: 'invalid_access_token', status: 401 } })
    })
  })

  describe('100,000 sessions that have ended', () => {
    it('are remembered, once each, and let go of', async () => {
      const many = (from: string) =>
        Array.from({ length: 100_000 }, (_, index) => session(`${index}`, `${from}-${index}`))
      server.backlog = many('session')
      await start().ready
      expect(feed.size).toBe(100_000)
      // An old cursor, or none: all of them again.
      server.last.response.destroy()
      await expect.poll(() => server.connections.length).toBe(2)
      await expect.poll(() => feed.get().status, { timeout: 10_000 }).toBe('live')
      expect(feed.size).toBe(100_000)
      expect(await ended({ sid: 'session-99999' })).toBe('token_revoked')
      now += 666_000
      server.last.response.write(': still here\n\n')
      await expect.poll(() => feed.size).toBe(0)
    }, 30_000)
  })

  it('is followed once at a time', async () => {
    const backend = createBackend({ url: server.url, appId: 'demo', apiKey: 'tk1.secret' })
    const following = backend.revocations({ whenDown: 'accept' })
    feed = following as Following
    await following.ready
    expect(() => backend.revocations({ whenDown: 'accept' })).toThrow(TypeError)
    following.close()
    backend.revocations({ whenDown: 'refuse' }).close()
    expect(() => backend.revocations({ whenDown: 'maybe' as 'accept' })).toThrow(TypeError)
  })
})
