import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createBackend, type AuthTokenClaims, type Revocation } from '../index.ts'
import { followRevocations, type RevocationFollower } from './feed.ts'
import { TestFeed } from '../../test/revocation-feed.ts'

const claims = { sub: 'ada', sid: 'first', epoch: 1, auth_time: 1000 } as AuthTokenClaims
const ended: Revocation = { id: '7', at: 1000, type: 'session', session_id: 'first', user_id: 'ada' }
type Options = Partial<Parameters<typeof followRevocations>[0]>

let feed: RevocationFollower | undefined
const follow = (options: Options) =>
  (feed = followRevocations({
    whenDown: 'accept',
    url: 'https://auth.example.com/v1/apps/demo/revocations',
    apiKey: 'tk1.secret',
    fetch,
    now: Date.now,
    elapsed: () => performance.now(),
    clockToleranceSeconds: 5,
    ...options,
  }))
afterEach(() => feed?.close())

describe('with a server', () => {
  let server: TestFeed
  beforeEach(async () => {
    server = await TestFeed.start()
  })
  afterEach(() => server.stop())
  const followServer = (options: Options = {}) =>
    follow({ url: `${server.url}/v1/apps/demo/revocations`, ...options })

  it.each(['accept', 'refuse'] as const)(
    'refuses known revocations after close(), with whenDown %s (case K6)',
    async (whenDown) => {
      server.backlog = [ended]
      const following = followServer({ whenDown })
      await following.ready
      following.close()
      await expect(following.check(claims)).rejects.toMatchObject({ code: 'token_revoked' })
      await following.check({ ...claims, sid: 'second' })
    },
  )

  it('resolves ready once the feed is down, so that the API starts (case K8)', async () => {
    await server.stop()
    const following = followServer({ downAfterSeconds: 0.05 })
    await following.ready
    expect(following.get().status).toBe('down')
    await following.check(claims)
    await server.restart()
  })

  it.each([401, 403, 404])('rejects ready if the server answers %i (case K8)', async (status) => {
    server.refuse = () => ({ status, code: 'invalid_access_token' })
    await expect(followServer().ready).rejects.toMatchObject({ name: 'ManagementError', status })
  })

  it('rejects ready after close(), and only for those who wait (case K8)', async () => {
    await server.stop()
    const unhandled = vi.fn<(reason: unknown) => void>()
    process.on('unhandledRejection', unhandled)
    followServer().close()
    const following = followServer()
    following.close()
    await expect(following.ready).rejects.toThrow('The feed was closed before it was live.')
    expect(unhandled).not.toHaveBeenCalled()
    process.off('unhandledRejection', unhandled)
    await server.restart()
  })

  it('keeps its revocations when the wall clock jumps (case K9)', async () => {
    let wall = Date.now()
    server.backlog = [ended]
    const following = followServer({ now: () => wall })
    await following.ready
    let heartbeats = 0
    following.subscribe(() => (heartbeats += 1))
    for (const jump of [3_600_000, -7_200_000, 86_400_000]) {
      wall += jump
      const { response } = server.lastConnection
      response.write(`: still here\n\nevent: ready\ndata: {"cursor":"7"}\n\n`)
      const seen = heartbeats
      await expect.poll(() => heartbeats).toBeGreaterThan(seen)
      await expect(following.check(claims)).rejects.toMatchObject({ code: 'token_revoked' })
    }
  })

  it('refuses while a frozen process has heard nothing for too long (case K9)', async () => {
    let ahead = 0
    const following = followServer({ whenDown: 'refuse', elapsed: () => performance.now() + ahead })
    await following.ready
    await following.check(claims)
    // The process was frozen: no timer has run, so the status is still live.
    ahead = 3_600_000
    expect(following.get().status).toBe('live')
    await expect(following.check(claims)).rejects.toMatchObject({ code: 'revocations_unavailable' })
  })
})

describe('numbers from outside', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] }))
  afterEach(() => vi.useRealTimers())

  it('cause no pause of more than ten seconds, and no quick retries: every value of Retry-After (case K7)', async () => {
    const date = fc
      .date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
      .map((at) => at.toUTCString())
    const retryAfter = fc.oneof(
      fc.constantFrom(
        '0',
        '3600',
        '2592000',
        '2147484',
        '9'.repeat(30),
        '9'.repeat(400),
        '-1',
        '',
        ' ',
        'soon',
        '1e9',
        '0x10',
      ),
      fc.nat().map(String),
      date,
    )
    await fc.assert(
      fc.asyncProperty(retryAfter, fc.constantFrom(429, 503), async (value, status) => {
        const tries: number[] = []
        const following = follow({
          fetch: async () => {
            tries.push(performance.now())
            return Response.json(
              { code: 'unavailable', error: 'no' },
              { status, headers: { 'retry-after': value } },
            )
          },
        })
        for (let waited = 0; waited < 60_000; waited += 500) await vi.advanceTimersByTimeAsync(500)
        following.close()
        const pauses = tries.slice(1).map((at, index) => at - tries[index]!)
        expect(Math.max(...pauses)).toBeLessThanOrEqual(10_000)
        expect(tries.length).toBeGreaterThan(5)
        expect(tries.length).toBeLessThan(60)
      }),
      { numRuns: 60 },
    )
  })

  it.each([Number.NaN, Infinity, -1, 2_147_484, 1e12])(
    'downAfterSeconds: %d is a TypeError (case K7)',
    (seconds) => {
      const backend = createBackend({ url: 'https://auth.example.com', appId: 'demo', apiKey: 'tk1.secret' })
      expect(() => backend.revocations({ whenDown: 'accept', downAfterSeconds: seconds })).toThrow(TypeError)
    },
  )

  it('downAfterSeconds: 24 days is not down at once (case K7)', async () => {
    const following = follow({ downAfterSeconds: 2_147_483, fetch: () => new Promise<never>(() => {}) })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(following.get().status).toBe('connecting')
  })

  it.each([Number.NaN, Infinity, -1])(
    'clockToleranceSeconds: %d is a TypeError (case K7)',
    (clockToleranceSeconds) => {
      const options = { url: 'https://auth.example.com', appId: 'demo', clockToleranceSeconds }
      expect(() => createBackend(options)).toThrow(TypeError)
    },
  )
})
