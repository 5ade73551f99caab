import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { loneEnvironment } from '../../test/lone-environment.ts'
import { tokenResponse } from '../../test/records.ts'
import { fullStore, hangingStore } from '../../test/stores.ts'
import type { Environment } from '../environment.ts'
import { memoryStore, type Store } from '../stores/store.ts'
import { identity } from '../tabs/change.ts'
import { signIn, signOut } from '../tabs/sign-in.ts'
import { applyAnswer, type Answer } from '../tabs/answer.ts'
import type { SessionRecord, SignedInRecord } from '../tabs/record.ts'
import type { Transport } from '../transports/transport.ts'
import { createRefresher, type Refresher, type RefreshResult } from './refresher.ts'
import { createReplica, type Replica } from './replica.ts'

type Refresh = Transport<never>['refresh']

const key = 'k'
const issued: Answer = { issued: tokenResponse(1) }
const unreachable: Answer = { failed: 'unreachable' }

let shared: Store
let replica: Replica
let refresher: Refresher
/** How the server answers each request. */
let respond: () => Promise<Answer>
const refresh = vi.fn<Refresh>(() => respond())
/** Whether a token is still wanted after a try. By default, one is wanted until there is a newer token. */
const onTry = vi.fn<() => boolean>()
const onEnd = vi.fn<(result: RefreshResult) => void>()

const pass = (ms = 60_000): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)
const stored = (): Promise<SessionRecord | undefined> => shared.update(key, identity)

/** A refresher of a tab that has signed in. */
async function begin(store: Store = shared, environment: Partial<Environment> = {}): Promise<void> {
  const env = { ...loneEnvironment, ...environment }
  replica = createReplica(key, store, env, () => {})
  replica.adopt(await replica.commit(signIn('e1', tokenResponse(), Date.now())))
  refresher = createRefresher({ key, refresh }, replica, env, onTry, onEnd)
}

beforeEach(() => {
  vi.useFakeTimers()
  shared = memoryStore()
  respond = () => Promise.resolve(issued)
  refresh.mockClear()
  onTry.mockReset().mockImplementation(() => replica.current!.generation === 0)
  onEnd.mockReset()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a refresh that succeeds', () => {
  it('writes and adopts the new pair, and ends without a code', async () => {
    await begin()
    const { retryId, refreshToken } = replica.current as { retryId: string; refreshToken: string }
    refresher.start()
    await pass(0)
    expect(refresh.mock.calls[0]![0]).toMatchObject({ retryId, refreshToken })
    expect(await stored()).toMatchObject({ generation: 1, lastRetryId: retryId })
    expect(replica.current).toEqual(await stored())
    expect(onTry).toHaveBeenCalledTimes(1)
    expect(onEnd).toHaveBeenCalledTimes(1)
    expect(onEnd.mock.calls[0]![0]).toEqual({ reason: undefined })
  })

  it('sends nothing if this tab learns of a newer pair while it waits for the lock', async () => {
    let enter = (): void => {}
    const free = new Promise<void>((resolve) => (enter = resolve))
    await begin(shared, { lock: async (_, work) => free.then(work) })
    refresher.start()
    const record = replica.current as SignedInRecord
    const answer = applyAnswer(record, issued, { now: Date.now(), id: 'r1', jitter: 0 })
    replica.adopt(await replica.commit(answer))
    enter()
    await pass(0)
    expect(refresh).not.toHaveBeenCalled()
    expect(onEnd).toHaveBeenCalledTimes(1)
  })

  it('passes on whether a user asked for it', async () => {
    await begin()
    refresher.start()
    await pass(0)
    refresher.start('background')
    await pass(0)
    expect(refresh.mock.calls.map(([{ activity }]) => activity)).toEqual([undefined, 'background'])
  })

  it('works under the lock of the transport’s key, and waits for that lock for at most 27 seconds', async () => {
    const lock = vi.fn(loneEnvironment.lock)
    await begin(shared, { lock })
    refresher.start()
    await pass(0)
    expect(lock).toHaveBeenCalledExactlyOnceWith(key, expect.any(Function), 27_000)
  })

  it('adopts the record before the lock is released', async () => {
    let generation: number | undefined
    await begin(shared, {
      lock: async (_, work) => {
        await work()
        generation = replica.current!.generation
      },
    })
    refresher.start()
    await pass(0)
    expect(generation).toBe(1)
  })

  it('uses memory if the storage hangs and holds the current retry id', async () => {
    const store = hangingStore(shared)
    await begin(store)
    store.hang()
    refresher.start()
    await pass()
    expect(refresh).toHaveBeenCalledTimes(1)
    expect(replica.current!.generation).toBe(1)
    expect(onEnd.mock.calls[0]![0].code).toBeUndefined()
  })
})

describe('one at a time', () => {
  it('ignores a start while a refresh runs', async () => {
    respond = () => new Promise((resolve) => setTimeout(resolve, 1000, issued))
    await begin()
    refresher.start()
    expect(refresher.isRunning).toBe(true)
    await pass(500)
    refresher.start()
    await pass(500)
    expect(refresh).toHaveBeenCalledTimes(1)
    expect(onEnd).toHaveBeenCalledTimes(1)
    expect(refresher.isRunning).toBe(false)
  })

  it('sends nothing if another tab has refreshed in the meantime, and adopts its record', async () => {
    await begin()
    const newer = { ...replica.current!, ...tokenResponse(1), generation: 1 } as SessionRecord
    await shared.update(key, () => newer)
    refresher.start()
    await pass()
    expect(refresh).not.toHaveBeenCalled()
    expect(replica.current).toEqual(newer)
  })

  it('refreshes again if another tab’s newer token has expired as well', async () => {
    await begin()
    await shared.update(
      key,
      (record) => ({ ...record, ...tokenResponse(1), generation: 1, retryId: 'r1' }) as SessionRecord,
    )
    onTry.mockImplementation(() => replica.current!.generation! < 2)
    refresher.start()
    await pass()
    expect(refresh).toHaveBeenCalledTimes(1)
    expect(refresh.mock.calls[0]![0].retryId).toBe('r1')
    expect(await stored()).toMatchObject({ generation: 2 })
    expect(onEnd).toHaveBeenCalledTimes(1)
  })
})

describe('trying again', () => {
  it('tries 3 times with the same retry id if the server cannot be reached', async () => {
    respond = () => Promise.resolve(unreachable)
    await begin()
    refresher.start()
    await pass()
    expect(refresh).toHaveBeenCalledTimes(3)
    expect(new Set(refresh.mock.calls.map(([{ retryId }]) => retryId)).size).toBe(1)
    expect(onTry).toHaveBeenCalledTimes(3)
    expect(onEnd).toHaveBeenCalledTimes(1)
    expect(onEnd.mock.calls[0]![0]).toMatchObject({ code: 'unreachable', tries: 3 })
  })

  it('treats a request that rejects as unreachable', async () => {
    respond = () => Promise.reject(new TypeError('Failed to fetch'))
    await begin()
    refresher.start()
    await pass()
    expect(refresh).toHaveBeenCalledTimes(3)
    expect(onEnd.mock.calls[0]![0]).toMatchObject({ code: 'unreachable' })
  })

  it('waits for a longer time after each failure', async () => {
    const start = Date.now()
    const times: number[] = []
    respond = () => {
      times.push(Date.now() - start)
      return Promise.resolve(unreachable)
    }
    await begin()
    refresher.start()
    await pass()
    expect(times).toEqual([0, 1002, 3004])
  })

  it('does not try again after 15 seconds', async () => {
    respond = () => new Promise((resolve) => setTimeout(resolve, 10_000, unreachable))
    await begin()
    refresher.start()
    await pass()
    expect(refresh).toHaveBeenCalledTimes(2)
    expect(onEnd).toHaveBeenCalledTimes(1)
  })

  it.for([
    [14_999, 2],
    [15_000, 1],
  ] as const)(
    'if the server asks to wait for %i ms, it sends %i request(s)',
    async ([retryAfter, requests]) => {
      respond = () => Promise.resolve({ failed: 'unreachable', retryAfter })
      await begin()
      refresher.start()
      await pass()
      expect(refresh).toHaveBeenCalledTimes(requests)
      expect(onEnd).toHaveBeenCalledTimes(1)
    },
  )

  it.for(['throttled', 'misconfigured'] as const)(
    'does not try again if the answer is: %s',
    async (failed) => {
      respond = () => Promise.resolve({ failed })
      await begin()
      refresher.start()
      await pass()
      expect(refresh).toHaveBeenCalledTimes(1)
      expect(onEnd.mock.calls[0]![0]).toMatchObject({ code: failed })
    },
  )

  it('ends with the token if a later try succeeds', async () => {
    const answers = [unreachable, issued]
    respond = () => Promise.resolve(answers.shift()!)
    await begin()
    refresher.start()
    await pass()
    expect(refresh).toHaveBeenCalledTimes(2)
    expect(onEnd).toHaveBeenCalledTimes(1)
    expect(onEnd.mock.calls[0]![0].code).toBeUndefined()
  })

  it('does not try again if no token is wanted any more', async () => {
    respond = () => Promise.resolve(unreachable)
    onTry.mockReturnValue(false)
    await begin()
    refresher.start()
    await pass()
    expect(refresh).toHaveBeenCalledTimes(1)
    expect(onEnd).toHaveBeenCalledTimes(1)
  })

  it('is not running between two tries', async () => {
    respond = () => Promise.resolve(unreachable)
    await begin()
    refresher.start()
    await pass(10)
    expect(refresher.isRunning).toBe(false)
    expect(onEnd).not.toHaveBeenCalled()
  })
})

describe('the end of the session', () => {
  it('is reported with its reason, and is not tried again', async () => {
    respond = () => Promise.resolve({ refused: 'inactive' })
    await begin()
    refresher.start()
    await pass()
    expect(refresh).toHaveBeenCalledTimes(1)
    expect(onEnd.mock.calls).toEqual([[{ reason: 'inactive' }]])
    expect(await stored()).toMatchObject({ reason: 'inactive' })
  })
})

describe('stop()', () => {
  it('gives up further tries, and leaves no timer', async () => {
    respond = () => Promise.resolve(unreachable)
    await begin()
    refresher.start()
    await pass(10)
    refresher.stop()
    expect(vi.getTimerCount()).toBe(0)
    await pass()
    expect(refresh).toHaveBeenCalledTimes(1)
  })

  it('lets the try under way end: its answer is written', async () => {
    respond = () => new Promise((resolve) => setTimeout(resolve, 1000, issued))
    await begin()
    refresher.start()
    await pass(500)
    refresher.stop()
    await pass()
    expect(await stored()).toMatchObject({ generation: 1 })
    expect(onEnd).toHaveBeenCalledTimes(1)
  })

  it('allows another start', async () => {
    const answers = [unreachable, issued]
    respond = () => Promise.resolve(answers.shift()!)
    await begin()
    refresher.start()
    await pass(10)
    refresher.stop()
    await pass()
    refresher.start()
    await pass()
    expect(await stored()).toMatchObject({ generation: 1 })
  })

  it('does nothing before the first start', async () => {
    await begin()
    refresher.stop()
    refresher.start()
    await pass(0)
    expect(refresh).toHaveBeenCalledTimes(1)
  })
})

describe('faults of the platform: the refresh ends with `storage`, and never rejects', () => {
  it('the record cannot be read', async () => {
    const denied = new DOMException('', 'SecurityError')
    await begin()
    replica.adopt(signOut('signed-out')(replica.current))
    replica.commitOrRemember = () => Promise.reject(denied)
    refresher.start()
    await pass()
    expect(refresh).not.toHaveBeenCalled()
    expect(onEnd.mock.calls).toEqual([[{ code: 'storage', cause: denied }]])
    expect(refresher.isRunning).toBe(false)
  })

  it('the next retry id is not in storage', async () => {
    let isFull = false
    await begin(fullStore(shared, () => isFull))
    isFull = true
    refresher.start()
    await pass(0)
    expect(replica.current!.generation).toBe(1)
    refresher.start()
    await pass()
    expect(refresh).toHaveBeenCalledTimes(1)
    expect(onEnd.mock.calls[1]![0]).toMatchObject({ code: 'storage', cause: expect.any(DOMException) })
  })

  it('the lock fails', async () => {
    const fault = new Error('a fault of the lock')
    await begin(shared, { lock: () => Promise.reject(fault) })
    refresher.start()
    await pass()
    expect(onEnd.mock.calls).toEqual([[{ code: 'storage', cause: fault }]])
  })
})
