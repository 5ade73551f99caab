import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { loneEnvironment } from '../../test/lone-environment.ts'
import { session } from '../../test/records.ts'
import { fullStore } from '../../test/stores.ts'
import { memoryStore, type Store } from '../stores/store.ts'
import { identity } from '../tabs/change.ts'
import type { PendingRevocation, SignedOutRecord } from '../tabs/record.ts'
import { failure } from '../transports/failure.ts'
import type { Transport } from '../transports/transport.ts'
import { createReplica, type Replica } from './replica.ts'
import { createRevoker } from './revoker.ts'

type Revoke = Transport<never>['revoke']

const key = 'k'
let shared: Store
let isFull: boolean
let replica: Replica
let dispose: () => void
let disposing: AbortController
/** Begins all revocations that have not begun. */
let revokeAll: () => void
/** What the server does with each request: true is its answer that the session is over, false is no answer. */
let respond: (sessionId: string) => Promise<boolean>
const revoke = vi.fn<Revoke>(async (revocation) => {
  if (!(await respond(revocation.sessionId))) throw new TypeError('Failed to fetch')
  return undefined
})

beforeEach(() => {
  vi.useFakeTimers()
  shared = memoryStore()
  isFull = false
  respond = () => Promise.resolve(true)
  revoke.mockClear()
  const store = fullStore(shared, () => isFull)
  replica = createReplica(key, store, loneEnvironment, () => {})
  disposing = new AbortController()
  dispose = () => disposing.abort()
  revokeAll = createRevoker({ revoke }, replica, loneEnvironment, disposing.signal)
})
afterEach(() => {
  dispose()
  vi.useRealTimers()
})

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)
const pendingRevocation = (sessionId: string): PendingRevocation => ({
  sessionId,
  refreshToken: `${sessionId}:0`,
})
/** Stores a signed-out record with these revocations, and adopts it. */
async function storePending(...sessionIds: string[]): Promise<void> {
  const record: SignedOutRecord = {
    v: 1,
    epoch: sessionIds.join(),
    reason: 'signed-out',
    pendingRevocations: sessionIds.map(pendingRevocation),
  }
  replica.adopt(await shared.update(key, () => record))
}
const pendingIn = (record: { pendingRevocations: readonly PendingRevocation[] } | undefined): string[] =>
  record!.pendingRevocations.map(({ sessionId }) => sessionId)
const pending = async (): Promise<string[]> => pendingIn(await shared.update(key, identity))
const requested = (sessionId: string): number =>
  revoke.mock.calls.filter(([revocation]) => revocation.sessionId === sessionId).length

it('sends nothing if nothing is pending, or if nothing is known', async () => {
  revokeAll()
  await storePending()
  revokeAll()
  await pass(0)
  expect(revoke).not.toHaveBeenCalled()
})

it('sends each pending revocation with its refresh token', async () => {
  await storePending('s1', 's2')
  revokeAll()
  expect(revoke.mock.calls.map(([revocation]) => revocation)).toEqual([
    pendingRevocation('s1'),
    pendingRevocation('s2'),
  ])
})

it('sends nothing before it is asked', async () => {
  await storePending('s1')
  await pass(120_000)
  expect(revoke).not.toHaveBeenCalled()
})

describe('removing', () => {
  it('removes a revocation from memory and storage once the server has answered', async () => {
    await storePending('s1')
    revokeAll()
    expect(await pending()).toEqual(['s1'])
    await pass(0)
    expect(await pending()).toEqual([])
    expect(pendingIn(replica.current)).toEqual([])
  })

  it.for([
    ['fails', () => Promise.reject(new TypeError('Failed to fetch'))],
    ['gets no answer from the server', () => Promise.resolve(false)],
  ] as const)('keeps a revocation if its request %s', async ([, outcome]) => {
    respond = outcome
    await storePending('s1')
    revokeAll()
    await pass(300_000)
    expect(revoke.mock.calls.length).toBeGreaterThan(3)
    expect(await pending()).toEqual(['s1'])
    expect(pendingIn(replica.current)).toEqual(['s1'])
  })

  it('removes only what was answered, and keeps what was added meanwhile', async () => {
    respond = (sessionId) => Promise.resolve(sessionId !== 's2')
    await storePending('s1', 's2')
    revokeAll()
    await shared.update(key, (record) => ({
      ...record!,
      pendingRevocations: [...record!.pendingRevocations, pendingRevocation('s3')],
    }))
    await pass(0)
    expect(await pending()).toEqual(['s2', 's3'])
  })

  it('keeps the session of a sign-in that came meanwhile', async () => {
    await storePending('s1')
    revokeAll()
    const now = { session, token: 't', lifetime: 300_000, generation: 0, receivedAt: 0, retryId: 'e9' }
    await shared.update(key, () => ({
      ...now,
      v: 1,
      epoch: 'e9',
      pendingRevocations: [pendingRevocation('s1')],
    }))
    await pass(0)
    expect(await shared.update(key, identity)).toMatchObject({ session, pendingRevocations: [] })
    expect(replica.current).toMatchObject({ session, pendingRevocations: [] })
  })

  it('removes it from memory even if the storage fails, and sends it only once', async () => {
    await storePending('s1')
    isFull = true
    revokeAll()
    await pass(0)
    expect(pendingIn(replica.current)).toEqual([])
    expect(revoke).toHaveBeenCalledTimes(1)
  })
})

describe('retrying', () => {
  /** The seconds at which a revocation is tried, in the first hour. */
  const timesOf = async (revoke: Transport<never>['revoke']): Promise<number[]> => {
    const start = Date.now()
    const times: number[] = []
    const environment = { ...loneEnvironment, fetch: async () => answer() }
    revokeAll = createRevoker(
      {
        revoke(...args) {
          times.push((Date.now() - start) / 1000)
          return revoke(...args)
        },
      },
      replica,
      environment,
      disposing.signal,
    )
    await storePending('s1')
    revokeAll()
    await pass(3_600_000)
    return times
  }
  let answer = () => new Response('', { status: 403 })
  const isAnswered: Transport<never>['revoke'] = async (_, send, now) =>
    failure(await send('https://a', {}), now())

  it('waits longer after each answer, up to 640 seconds (case C1)', async () => {
    answer = () => new Response('', { status: 403 })
    expect(await timesOf(isAnswered)).toEqual([0, 10, 30, 70, 150, 310, 630, 1270, 1910, 2550, 3190])
  })

  it('waits at most 40 seconds while the server cannot be reached, because it may be back soon', async () => {
    const times = await timesOf(() => Promise.reject(new TypeError('Failed to fetch')))
    expect(times.slice(0, 6)).toEqual([0, 10, 30, 70, 110, 150])
    expect(times.length).toBeLessThanOrEqual(92)
  })

  it('waits as long as the server asks to (case C1)', async () => {
    answer = () => new Response('', { status: 503, headers: { 'retry-after': '1200' } })
    expect(await timesOf(isAnswered)).toEqual([0, 1200, 2400, 3600])
  })

  it('gives a revocation up if it fails after its refresh token has expired (case C1)', async () => {
    respond = () => Promise.resolve(false)
    const expiresAt = Date.now() + 60_000
    const stored = { ...pendingRevocation('s1'), expiresAt }
    const record = { v: 1, epoch: 'e', reason: 'signed-out', pendingRevocations: [stored] } as const
    replica.adopt(await shared.update(key, () => record))
    revokeAll()
    await pass(3_600_000)
    expect(requested('s1')).toBe(4)
    expect(await pending()).toEqual([])
  })

  it('retries each revocation on its own: one that fails delays no other', async () => {
    respond = (sessionId) => Promise.resolve(sessionId === 's2')
    await storePending('s1', 's2')
    revokeAll()
    await pass(0)
    expect(await pending()).toEqual(['s1'])
    await pass(10_000)
    expect([requested('s1'), requested('s2')]).toEqual([2, 1])
  })

  it('begins each revocation with the shortest delay, however often another has failed', async () => {
    respond = () => Promise.resolve(false)
    await storePending('s1')
    revokeAll()
    await pass(100_000)
    await storePending('s1', 's2')
    revokeAll()
    await pass(10_000)
    expect(requested('s2')).toBe(2)
  })

  it('sends no second request while the first one never ends, and sends the other revocations', async () => {
    respond = (sessionId) => (sessionId === 's1' ? new Promise(() => {}) : Promise.resolve(true))
    await storePending('s1', 's2')
    revokeAll()
    await pass(100_000)
    revokeAll()
    await pass(0)
    expect([requested('s1'), requested('s2')]).toEqual([1, 1])
    expect(await pending()).toEqual(['s1'])
  })
})

describe('when asked again', () => {
  it('ends no pause: a page that wakes often must not ask often', async () => {
    respond = () => Promise.resolve(false)
    await storePending('s1')
    revokeAll()
    for (let second = 0; second < 9; second++) {
      await pass(1000)
      revokeAll()
    }
    expect(revoke).toHaveBeenCalledTimes(1)
  })

  it('sends no second request while one is under way', async () => {
    respond = () => new Promise((resolve) => setTimeout(resolve, 1000, true))
    await storePending('s1')
    revokeAll()
    revokeAll()
    await pass(500)
    revokeAll()
    await pass(1000)
    expect(revoke).toHaveBeenCalledTimes(1)
    expect(await pending()).toEqual([])
  })

  it('revokes a session again if it is signed out a second time', async () => {
    await storePending('s1')
    revokeAll()
    await pass(0)
    await storePending('s1')
    revokeAll()
    await pass(0)
    expect(revoke).toHaveBeenCalledTimes(2)
    expect(await pending()).toEqual([])
  })
})

describe('after dispose', () => {
  beforeEach(() => {
    respond = () => Promise.resolve(false)
  })

  it('does not try again after a pause, and leaves no timer', async () => {
    await storePending('s1', 's2')
    revokeAll()
    await pass(0)
    dispose()
    expect(vi.getTimerCount()).toBe(0)
    await pass(120_000)
    expect(revoke).toHaveBeenCalledTimes(2)
  })

  it('does not try again after a request that was under way, and leaves no timer', async () => {
    respond = () => new Promise((resolve) => setTimeout(resolve, 1000, false))
    await storePending('s1')
    revokeAll()
    dispose()
    await pass(1000)
    expect(vi.getTimerCount()).toBe(0)
    expect(revoke).toHaveBeenCalledTimes(1)
  })

  it('still removes a revocation that the server answers later', async () => {
    respond = () => new Promise((resolve) => setTimeout(resolve, 1000, true))
    await storePending('s1')
    revokeAll()
    dispose()
    await pass(1000)
    expect(await pending()).toEqual([])
  })

  it('sends nothing when asked', async () => {
    await storePending('s1')
    dispose()
    revokeAll()
    await pass(0)
    expect(revoke).not.toHaveBeenCalled()
  })
})
