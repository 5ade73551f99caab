import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { loneEnvironment } from '../../test/lone-environment.ts'
import { laterVersionRecord, signedInRecord, tokenResponse } from '../../test/records.ts'
import { fullStore, hangingStore, steppedStore, type HangingStore } from '../../test/stores.ts'
import { memoryStore, type Store } from '../stores/store.ts'
import { applyAnswer } from '../tabs/answer.ts'
import { identity, type Change } from '../tabs/change.ts'
import { signIn, signOut } from '../tabs/sign-in.ts'
import type { SessionRecord } from '../tabs/record.ts'
import { createReplica, type Replica } from './replica.ts'
import { MAX_READS } from './timeouts.ts'

const key = 'k'
let shared: Store
let adopted: (SessionRecord | undefined)[]

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
  shared = memoryStore()
  adopted = []
})
afterEach(() => {
  vi.useRealTimers()
})

const replicaOf = (store: Store = shared): Replica =>
  createReplica(key, store, loneEnvironment, (before) => adopted.push(before))
const stored = (): Promise<SessionRecord | undefined> => shared.update(key, identity)
const put = (record: SessionRecord | undefined): Promise<unknown> => shared.update(key, () => record)
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)

const signInNow = (epoch = 'e1', generation = 0): Change =>
  signIn(epoch, tokenResponse(generation), Date.now())
const signOutNow = signOut('signed-out')
/** Writes what a refresh of the current version brought. */
const refreshed = (replica: Replica, retryId: string, token = tokenResponse(1).token): Change =>
  applyAnswer(
    { epoch: 'e1', generation: replica.current!.generation! },
    { issued: { ...tokenResponse(1), token } },
    { now: Date.now(), id: retryId, jitter: 0 },
  )
/** Signs in and adopts the record, as a manager does. */
const signedIn = async (store?: Store): Promise<Replica> => {
  const replica = replicaOf(store)
  replica.adopt(await replica.commit(signInNow()))
  return replica
}

describe('reading', () => {
  it('adopts the stored record, and is reading until then', async () => {
    const record = signedInRecord()
    await put(record)
    const replica = replicaOf()
    expect(replica.isReading).toBe(false)
    const reading = replica.read()
    expect(replica.isReading).toBe(true)
    await reading
    expect(replica.isReading).toBe(false)
    expect(replica.current).toEqual(record)
    expect(adopted).toEqual([undefined])
  })

  it('is reading until the last of two reads has ended', async () => {
    const store = steppedStore(shared)
    const replica = replicaOf(store)
    const reads = [replica.read(), replica.read()]
    store.step()
    store.step()
    await pass(0)
    store.step()
    await reads[0]
    expect(replica.isReading).toBe(true)
    store.step()
    await reads[1]
    expect(replica.isReading).toBe(false)
  })

  it('rejects with the storage’s error after the last try, and is not reading afterwards', async () => {
    const denied = new DOMException('', 'SecurityError')
    const update = vi.fn(() => Promise.reject(denied))
    const replica = replicaOf({ update })
    const reading = expect(replica.read()).rejects.toBe(denied)
    await pass(60_000)
    await reading
    expect(update).toHaveBeenCalledTimes(MAX_READS)
    expect(replica.isReading).toBe(false)
    expect(adopted).toEqual([])
  })

  it('keeps the newer record of this tab if the storage returns an older one of the same session', async () => {
    const replica = await signedIn()
    const before = await stored()
    replica.adopt(await replica.commit(refreshed(replica, 'r1')))
    await put(before)
    await replica.read()
    expect(replica.current).toMatchObject({ generation: 1 })
  })
})

describe('adopting', () => {
  it('passes on the record that was known before', () => {
    const replica = replicaOf()
    const [first, second] = [signedInRecord(), signedInRecord({ generation: 1 })]
    replica.adopt(first)
    replica.adopt(second)
    expect(adopted).toEqual([undefined, first])
    expect(replica.current).toEqual(second)
  })

  it('does not let an older generation replace a newer one', () => {
    const replica = replicaOf()
    replica.adopt(signedInRecord({ generation: 2 }))
    replica.adopt(signedInRecord({ generation: 1 }))
    expect(replica.current!.generation).toBe(2)
  })

  it('does not let an older copy of a session undo its sign-out', async () => {
    const replica = await signedIn()
    const before = replica.current
    replica.adopt(signOutNow(before))
    replica.adopt(before)
    expect(replica.current!.reason).toBe('signed-out')
  })
})

describe('the time that is left', () => {
  it('is 0 without a session', () => {
    const replica = replicaOf()
    expect(replica.remaining()).toBe(0)
    replica.adopt(signOutNow(undefined))
    expect(replica.remaining()).toBe(0)
  })

  it('is the token’s lifetime without its margin, and decreases', async () => {
    const replica = await signedIn()
    expect(replica.remaining()).toBe(295_000)
    await pass(5000)
    expect(replica.remaining()).toBe(290_000)
  })

  it('is 0 once the token has lapsed, until the next pair arrives, even with the same token', async () => {
    const replica = await signedIn()
    const { token } = replica.current as { token: string }
    replica.lapse()
    expect(replica.remaining()).toBe(0)
    replica.adopt(await replica.commit(refreshed(replica, 'r1', token)))
    expect(replica.remaining()).toBe(295_000)
  })
})

describe('committing', () => {
  it('applies the change to the storage, and leaves the current record to the caller', async () => {
    const replica = replicaOf()
    const record = await replica.commit(signInNow())
    expect(await stored()).toEqual(record)
    expect(replica.current).toBeUndefined()
    expect(adopted).toEqual([])
  })

  it('applies the change to the newest of what this tab and the storage hold', async () => {
    let isFull = false
    const replica = await signedIn(fullStore(shared, () => isFull))
    isFull = true
    replica.adopt(await replica.commitOrRemember(refreshed(replica, 'r1')))
    isFull = false
    expect((await stored())!.generation).toBe(0)
    await replica.commit(identity)
    expect(await stored()).toMatchObject({ generation: 1, retryId: 'r1' })
  })

  it('rejects with the storage’s error', async () => {
    const replica = replicaOf(fullStore(shared, () => true))
    await expect(replica.commit(signInNow())).rejects.toThrow(DOMException)
    expect(await stored()).toBeUndefined()
  })

  it('rejects with the error of a change that throws', async () => {
    const fault = new Error('a fault of the change')
    const replica = replicaOf()
    await expect(
      replica.commit(() => {
        throw fault
      }),
    ).rejects.toBe(fault)
  })

  it('leaves no timer once it has ended', async () => {
    await signedIn()
    await pass(0)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a write that the storage makes too late', () => {
  // Two tabs can get the same successor, each with a retry id of its own. The storage holds only one of them.
  it('lets this tab go on with the pair that another tab has written, not with its own', async () => {
    const store = hangingStore(shared)
    const replica = await signedIn(store)
    store.hang()
    const written = replica.commitOrRemember(refreshed(replica, 'mine'))
    await pass(60_000)
    replica.adopt(await written)
    expect(replica.current).toMatchObject({ generation: 1, retryId: 'mine' })
    await shared.update(key, refreshed({ current: await stored() } as Replica, 'theirs'))
    store.release()
    await pass(0)
    expect(replica.current).toMatchObject({ generation: 1, retryId: 'theirs' })
    store.hang()
    const remembered = replica.commitOrRemember(identity)
    await pass(60_000)
    expect(await remembered).toMatchObject({ retryId: 'theirs' })
  })
})

describe('a storage that does not answer', () => {
  let store: HangingStore
  beforeEach(() => {
    store = hangingStore(shared)
  })

  it('makes a commit reject after 5 seconds, without an error', async () => {
    const replica = replicaOf(store)
    store.hang()
    const ended = vi.fn<(error: unknown) => void>()
    replica.commit(signInNow()).catch(ended)
    await pass(4999)
    expect(ended).not.toHaveBeenCalled()
    await pass(1)
    expect(ended).toHaveBeenCalledExactlyOnceWith(undefined)
  })

  it('never gets a write that timed out', async () => {
    const replica = replicaOf(store)
    store.hang()
    const failed = expect(replica.commit(signInNow())).rejects.toBeUndefined()
    await pass(5000)
    await failed
    store.release()
    await pass(0)
    expect(await stored()).toBeUndefined()
  })

  it('gets what this tab knows by then, in place of the write that timed out', async () => {
    const replica = await signedIn(store)
    store.hang()
    const failed = expect(replica.commit(refreshed(replica, 'r1'))).rejects.toBeUndefined()
    await pass(5000)
    await failed
    replica.adopt(signOutNow(replica.current))
    store.release()
    await pass(0)
    expect(await stored()).toMatchObject({ reason: 'signed-out', epoch: 'e1' })
  })
})

describe('a sign-out', () => {
  it('overtakes a commit that has not reached the storage yet', async () => {
    const store = steppedStore(shared)
    const replica = replicaOf(store)
    const committing = replica.commit(signInNow())
    replica.overtake(signOutNow)
    store.step()
    await pass(0)
    expect((await stored())!.reason).toBe('signed-out')
    store.step()
    expect((await committing)!.reason).toBe('signed-out')
  })

  it('overtakes a commit that the storage has made and not answered yet', async () => {
    const store = steppedStore(shared)
    const replica = replicaOf(store)
    const committing = replica.commit(signInNow())
    store.step()
    await pass(0)
    replica.overtake(signOutNow)
    expect((await stored())!.session).toBeDefined()
    store.step()
    const record = await committing
    expect(record).toMatchObject({ reason: 'signed-out', pendingRevocations: [{ sessionId: 's1' }] })
    // The caller adopts it, and the next transaction writes it.
    replica.adopt(record)
    const next = replica.commit(identity)
    while (store.waiting) {
      store.step()
      await pass(0)
    }
    await next
    expect((await stored())!.reason).toBe('signed-out')
  })

  it('does not overtake a commit that begins after it', async () => {
    const replica = replicaOf()
    replica.overtake(signOutNow)
    expect((await replica.commit(signInNow('e3')))!.session).toBeDefined()
  })
})

describe('a change that the storage cannot write', () => {
  let isFull: boolean
  let replica: Replica
  beforeEach(async () => {
    isFull = false
    replica = await signedIn(fullStore(shared, () => isFull))
    isFull = true
  })

  it('applies to memory if the storage holds the current version', async () => {
    const record = await replica.commitOrRemember(refreshed(replica, 'r1'))
    expect(record).toMatchObject({ generation: 1, retryId: 'r1' })
    expect((await stored())!.generation).toBe(0)
  })

  it('rejects if only this tab holds the current version: the next retry id is not in storage', async () => {
    replica.adopt(await replica.commitOrRemember(refreshed(replica, 'r1')))
    await expect(replica.commitOrRemember(refreshed(replica, 'r2'))).rejects.toThrow(DOMException)
  })

  it('rejects the end of a session: another tab may have refreshed the session meanwhile', async () => {
    await expect(replica.commitOrRemember(signOut('revoked'))).rejects.toThrow(DOMException)
    expect(replica.current?.session).toBeDefined()
  })

  it('applies to memory again once the storage holds the current version', async () => {
    replica.adopt(await replica.commitOrRemember(refreshed(replica, 'r1')))
    isFull = false
    await replica.commitOrRemember(identity)
    isFull = true
    const record = await replica.commitOrRemember(refreshed(replica, 'r2'))
    expect(record).toMatchObject({ generation: 2, retryId: 'r2' })
  })
})

describe('a record of a newer version of this library', () => {
  beforeEach(async () => {
    await put(laterVersionRecord)
  })

  it('is left untouched by a commit, which rejects', async () => {
    const replica = replicaOf()
    await expect(replica.commit(signInNow())).rejects.toThrow('newer version')
    expect(await stored()).toBe(laterVersionRecord)
  })

  it('is not adopted by a read, which rejects', async () => {
    const replica = replicaOf()
    const reading = expect(replica.read()).rejects.toThrow('newer version')
    await pass(60_000)
    await reading
    expect(replica.current).toBeUndefined()
  })

  it('is left untouched by a sign-out that overtakes', async () => {
    const store = steppedStore(shared)
    const replica = replicaOf(store)
    const failed = expect(replica.commit(signInNow())).rejects.toThrow('newer version')
    replica.overtake(signOutNow)
    store.step()
    await pass(0)
    store.step()
    await failed
    expect(await stored()).toBe(laterVersionRecord)
  })
})

describe('after detach()', () => {
  it('a sign-in that cannot be stored stays in memory, and is refreshed there', async () => {
    const replica = replicaOf(fullStore(shared, () => true))
    replica.detach()
    replica.adopt(await replica.commit(signInNow()))
    expect(replica.current!.session).toBeDefined()
    replica.adopt(await replica.commit(refreshed(replica, 'r1')))
    expect(replica.current!.generation).toBe(1)
    expect(await stored()).toBeUndefined()
  })

  it('a sign-in that can be stored again is stored', async () => {
    const replica = replicaOf()
    replica.detach()
    const record = await replica.commit(signInNow())
    expect(await stored()).toEqual(record)
  })

  it('a sign-out that cannot be stored is no success', async () => {
    const replica = replicaOf(fullStore(shared, () => true))
    replica.detach()
    await expect(replica.commit(signOutNow)).rejects.toThrow(DOMException)
  })
})
