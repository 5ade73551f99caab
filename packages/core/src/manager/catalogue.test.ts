import { describe, expect, it, vi } from 'vitest'
import {
  expireToken,
  pass,
  signedIn,
  tabs,
  until,
  untilRefreshes,
  untilRevoked,
} from '../../test/each-test.ts'
import { laterVersionRecord } from '../../test/records.ts'
import { endpoint, serverUrl } from '../../test/tabs.ts'
import { lifetime } from '../../test/tokens.ts'
import { browserEnvironment } from '../environment.ts'
import { indexedDbStore } from '../stores/indexed-db.ts'
import { memoryStore } from '../stores/store.ts'
import type { SignedInRecord } from '../tabs/record.ts'
import { sessionServer } from '../transports/session-server.ts'
import { withCookie } from '../transports/with-cookie.ts'
import { refreshAhead } from './refresh-ahead.ts'

// Tests the cases F01 to F50 that need several tabs over one storage. The other cases are in the tests of the part that
// they concern, and in the tests with a real browser.

const hour = 3_600_000

/** Two tabs of one session. */
const two = async () => {
  const one = await signedIn()
  return [one, await tabs.open()] as const
}
/** How many different retry ids were sent. */
const retryIds = () => new Set(tabs.refreshes.map(({ headers }) => headers.get('idempotency-key'))).size
const expectNoAlarm = () => {
  expect(tabs.server.alarms).toBe(0)
  expect([...tabs.server.sessions.values()].filter(({ ended }) => ended)).toEqual([])
}

describe('a tab crashes', () => {
  it('F03: before it has read the record: the next tab in line refreshes', async () => {
    const [one, other] = await two()
    await expireToken()
    void one.getAuthToken().catch(() => {})
    const waiting = other.getAuthToken()
    one.crash()
    await expect(waiting).resolves.toMatch(/^h\./)
    expect(tabs.refreshes).toHaveLength(1)
    expectNoAlarm()
  })

  it('F04: before its request reaches the server: the next tab sends the same retry id', async () => {
    const [one, other] = await two()
    await expireToken()
    const { retryId } = (await tabs.record()) as SignedInRecord
    tabs.deliveries = ['hanging']
    void one.getAuthToken().catch(() => {})
    await untilRefreshes(1)
    one.crash()
    await other.getAuthToken()
    expect(tabs.refreshes.at(-1)!.headers.get('idempotency-key')).toBe(retryId)
    expect(retryIds()).toBe(1)
    expectNoAlarm()
  })

  it('F05: after the server has handled its request: the next tab gets the same successor', async () => {
    const [one, other] = await two()
    await expireToken()
    tabs.deliveries = ['answer-held']
    void one.getAuthToken().catch(() => {})
    await untilRefreshes(1)
    one.crash()
    await other.getAuthToken()
    expect([tabs.server.rotations, tabs.refreshes.length, retryIds()]).toEqual([1, 2, 1])
    expectNoAlarm()
  })

  it('F06: after it has received the answer, but before it has stored the tokens: the next tab gets the same successor', async () => {
    const [one, other] = await two()
    await expireToken()
    tabs.deliveries = ['answer-held']
    void one.getAuthToken().catch(() => {})
    await untilRefreshes(1)
    tabs.release()
    one.crash()
    await other.getAuthToken()
    expect((await tabs.record())!.generation).toBe(1)
    expect(tabs.server.rotations).toBe(1)
    expectNoAlarm()
  })

  it('F07: before it has sent a hint: the other tabs find the new record by themselves', async () => {
    const [one, other] = await two()
    tabs.hints = false
    await expireToken()
    const token = await one.getAuthToken()
    one.crash()
    expect(await other.getAuthToken()).toBe(token)
    expect(tabs.refreshes).toHaveLength(1)
  })

  it('F37: right after a sign-out: the next visit revokes the session', async () => {
    const one = await signedIn()
    tabs.deliveries = ['lost']
    await one.signOut()
    one.crash()
    await tabs.open()
    await untilRevoked('s0')
  })
})

describe('network failures', () => {
  it('F09: a lost request is sent again with the same retry id, with at most three requests in all', async () => {
    const one = await signedIn()
    await expireToken()
    tabs.deliveries = ['lost', 'lost']
    const token = one.getAuthToken()
    await pass()
    await expect(token).resolves.toMatch(/^h\./)
    expect([tabs.refreshes.length, retryIds()]).toEqual([3, 1])
    await expireToken()
    tabs.deliveries = ['lost', 'lost', 'lost', 'lost']
    const failed = expect(one.getAuthToken()).rejects.toMatchObject({ code: 'unreachable' })
    await pass()
    await failed
    expect(tabs.refreshes).toHaveLength(6)
    expectNoAlarm()
  })

  it('F10: after a lost answer, a second request gets the same successor', async () => {
    const one = await signedIn()
    await expireToken()
    tabs.deliveries = ['answer-lost']
    const token = one.getAuthToken()
    await pass()
    await token
    expect([tabs.server.rotations, tabs.refreshes.length, retryIds()]).toEqual([1, 2, 1])
    expectNoAlarm()
  })

  it('F11 F13 F14: a tab that hangs with the lock is overtaken; its late answer is dropped, and it adopts the new token', async () => {
    const [one, other] = await two()
    await expireToken()
    tabs.deliveries = ['answer-held']
    const late = one.getAuthToken()
    await untilRefreshes(1)
    const waiting = other.getAuthToken()
    await pass(27_000)
    const token = await waiting
    const written = await tabs.record()
    tabs.release()
    expect(await late).toBe(token)
    expect(await tabs.record()).toEqual(written)
    expect([tabs.server.rotations, retryIds()]).toEqual([1, 1])
    expectNoAlarm()
  })

  it('F12: a duplicate that arrives two rotations late is refused and ends no session', async () => {
    const one = await signedIn()
    await expireToken()
    await one.getAuthToken()
    const first = tabs.refreshes[0]!
    for (let more = 0; more < 2; more++) {
      await expireToken()
      await one.getAuthToken()
    }
    expect(tabs.server.handle(first).status).toBe(409)
    await expireToken()
    await one.getAuthToken()
    expectNoAlarm()
  })

  it('F31: on a slow network, callers share one request, and one that aborts does not affect the others', async () => {
    const one = await signedIn()
    await expireToken()
    tabs.deliveries = ['answer-held']
    const caller = new AbortController()
    const gone = expect(one.getAuthToken({ signal: caller.signal })).rejects.toMatchObject({
      code: 'aborted',
    })
    const kept = [one.getAuthToken(), one.getAuthToken()]
    await pass(9000)
    caller.abort()
    await gone
    tabs.release()
    expect(new Set(await Promise.all(kept)).size).toBe(1)
    expect(tabs.refreshes).toHaveLength(1)
  })

  it('F45: a session that an administrator revoked ends at the next refresh; until then its auth token is served', async () => {
    const [one, other] = await two()
    tabs.server.sessions.get('s0')!.ended = true
    await expect(one.getAuthToken()).resolves.toMatch(/^h\./)
    await expireToken()
    await expect(one.getAuthToken()).rejects.toMatchObject({ code: 'sign-in-required', reason: 'revoked' })
    await until(other, 'signed-out')
    expect(other.get()).toEqual({ status: 'signed-out', reason: 'revoked' })
  })
})

describe('the lock', () => {
  it('F15: if other code steals the lock, the work goes on, and runs once', async () => {
    let release = (): void => {}
    const work = vi.fn(() => new Promise<void>((resolve) => (release = resolve)))
    vi.stubGlobal('navigator', {
      locks: {
        request: (_: string, __: object, callback: () => Promise<void>) => {
          void callback()
          return Promise.reject(new DOMException('', 'AbortError'))
        },
      },
    })
    let done = false
    const held = browserEnvironment.lock('name', work, 1000).then(() => (done = true))
    await pass(10)
    expect([work.mock.calls.length, done]).toEqual([1, false])
    release()
    await held
    expect(work).toHaveBeenCalledTimes(1)
  })
})

describe('storage', () => {
  it('F19: if the storage is cleared during a refresh and another user signs in, the answer is dropped', async () => {
    const one = await signedIn()
    await expireToken()
    tabs.deliveries = ['answer-held']
    const waiting = expect(one.getAuthToken()).rejects.toMatchObject({ code: 'session-changed' })
    await untilRefreshes(1)
    await tabs.clear()
    const other = await tabs.open()
    await other.signIn(tabs.server.signIn('u2'))
    await waiting
    tabs.release()
    await pass(10)
    expect([one.session()?.userId, (await tabs.record())!.session?.userId]).toEqual(['u2', 'u2'])
  })

  it('F42: a record of a later schema version is left untouched', async () => {
    const one = await signedIn()
    await tabs.storage.update(endpoint, () => laterVersionRecord)
    await expect(one.getAuthToken()).resolves.toMatch(/^h\./)
    await expect(one.signIn(tabs.server.signIn())).rejects.toMatchObject({ code: 'storage' })
    const late = await tabs.open()
    expect(late.get()).toEqual({ status: 'signed-out', reason: 'unreadable' })
    expect(await tabs.record()).toBe(laterVersionRecord)
  })

  it('F42: unknown fields of a record of the same schema version are kept', async () => {
    const one = await signedIn()
    await tabs.storage.update(endpoint, (record) => Object.assign({ added: 'later' }, record!))
    await expireToken()
    await one.getAuthToken()
    expect(await tabs.record()).toMatchObject({ added: 'later', generation: 1 })
  })

  it('F43: the database always has version 1, so that no tab can block an upgrade', () => {
    const open = vi.fn(() => ({}))
    vi.stubGlobal('indexedDB', { open })
    void indexedDbStore().update('key', (record) => record)
    expect(open).toHaveBeenCalledWith('tokenkeep', 1)
  })

  it('F48: two apps on one origin do not affect each other', async () => {
    const storage = memoryStore()
    const app = (appId: string) => tabs.open({ storage, transport: sessionServer({ url: serverUrl, appId }) })
    const [one, other] = [await app('one'), await app('other')]
    await one.signIn(tabs.server.signIn())
    expect([one.get().status, other.get().status]).toEqual(['valid', 'signed-out'])
    await other.signOut()
    expect((await app('one')).get().status).toBe('valid')
  })
})

describe('the clock', () => {
  for (const hours of [-5, 5])
    it(`F23: a clock that jumps by ${hours} h causes one refresh, and no other before the token expires`, async () => {
      const one = await signedIn()
      vi.setSystemTime(Date.now() + hours * hour)
      for (let more = 0; more < 3; more++) {
        await one.getAuthToken()
        await one.getAuthToken()
        await expireToken()
      }
      await one.getAuthToken()
      // One for the jump, and one for each token that has expired.
      expect(tabs.refreshes).toHaveLength(4)
      expectNoAlarm()
    })

  it('F24: a clock that is set back during a token’s life causes one refresh', async () => {
    const one = await signedIn()
    const before = await one.getAuthToken()
    vi.setSystemTime(Date.now() - hour)
    expect(await one.getAuthToken()).not.toBe(before)
    await one.getAuthToken()
    expect(tabs.refreshes).toHaveLength(1)
  })

  it('F24: a clock that is set back by less than the token’s age does not extend its life', async () => {
    const one = await signedIn()
    const before = await one.getAuthToken()
    await vi.advanceTimersByTimeAsync((lifetime / 2) * 1000)
    vi.setSystemTime(Date.now() - (lifetime / 4) * 1000)
    await vi.advanceTimersByTimeAsync((lifetime / 2) * 1000)
    expect(one.get().status).toBe('expired')
    expect(await one.getAuthToken()).not.toBe(before)
  })

  it('F25: after eight hours of sleep in which no timer ran, the first call refreshes and gets no expired token', async () => {
    const one = await signedIn()
    const before = await one.getAuthToken()
    vi.setSystemTime(Date.now() + 8 * hour)
    expect(one.get()).toMatchObject({ token: before })
    expect(await one.getAuthToken()).not.toBe(before)
    expect(tabs.refreshes).toHaveLength(1)
  })

  it('F49: a session that has ended by this device’s clock is still refreshed, and the server’s answer decides', async () => {
    const one = await tabs.open()
    const result = {
      ...tabs.server.signIn(),
      absolute_expires_in: 2 * lifetime,
      inactivity_expires_in: lifetime,
    }
    await one.signIn(result)
    vi.setSystemTime(Date.now() + 60 * 24 * hour)
    await one.getAuthToken()
    expect(one.get().status).toBe('valid')
    expect(tabs.refreshes).toHaveLength(1)
    await pass(1000)
    tabs.server.sessions.get(result.session_id)!.ended = true
    vi.setSystemTime(Date.now() + 60 * 24 * hour)
    await expect(one.getAuthToken()).rejects.toMatchObject({ code: 'sign-in-required', reason: 'revoked' })
    expect(tabs.refreshes).toHaveLength(2)
  })

  it('a token that lives longer than the longest timer expires on time', async () => {
    const one = await tabs.open()
    const months = 100 * 86_400
    await one.signIn({ ...tabs.server.signIn(), auth_token_expires_in: months })
    await vi.advanceTimersByTimeAsync(90 * 86_400_000)
    expect(one.get().status).toBe('valid')
    await vi.advanceTimersByTimeAsync(10 * 86_400_000)
    expect(one.get().status).toBe('expired')
  })
})

describe('sign-in and sign-out during a refresh', () => {
  it('F39: an answer with a cookie that arrives after a sign-out signs nobody in, not even in a new tab', async () => {
    const cookie = {
      transport: withCookie(sessionServer({ url: serverUrl, appId: 'app' })),
    }
    const one = await tabs.open(cookie)
    await one.signIn(tabs.server.signIn())
    await expireToken()
    tabs.deliveries = ['answer-held']
    void one.getAuthToken().catch(() => {})
    await untilRefreshes(1)
    await one.signOut()
    tabs.release()
    await pass(100)
    expect(one.get().status).toBe('signed-out')
    expect((await tabs.open(cookie)).get().status).toBe('signed-out')
    await untilRevoked('s0')
  })

  it('F40: if another user signs in during a refresh, the answer is dropped and the refreshed session is revoked', async () => {
    const [one, other] = await two()
    await expireToken()
    tabs.deliveries = ['answer-held']
    const waiting = expect(one.getAuthToken()).rejects.toMatchObject({ code: 'session-changed' })
    await untilRefreshes(1)
    await other.signIn(tabs.server.signIn('u2'))
    await waiting
    tabs.release()
    await untilRevoked('s0')
    expect(one.session()?.userId).toBe('u2')
    expect(tabs.server.sessions.get('s1')!.ended).toBe(false)
  })

  it('F41: a sign-in wins over an earlier sign-out in another tab, even if its own tab missed that sign-out', async () => {
    const [one, other] = await two()
    tabs.hints = false
    await one.signOut()
    await other.signIn(tabs.server.signIn('u2'))
    one.wake()
    await vi.waitFor(() => expect(one.session()?.userId).toBe('u2'))
  })
})

describe('page events', () => {
  it('F46: a page that comes back from the back/forward cache reads the record before it serves a token', async () => {
    const [one, other] = await two()
    tabs.hints = false
    await other.signOut()
    await expect(one.getAuthToken()).resolves.toMatch(/^h\./)
    one.wake()
    await expect(one.getAuthToken()).rejects.toMatchObject({ code: 'sign-in-required', reason: 'signed-out' })
  })

  it('F47: twenty hidden tabs do not refresh ahead of time, and one request serves all of them afterwards', async () => {
    const all = [await tabs.open()]
    await all[0]!.signIn(tabs.server.signIn())
    while (all.length < 20) all.push(await tabs.open())
    const stops = all.map((tab) => refreshAhead(tab, 60, tabs.environment()))
    tabs.visible = false
    await expireToken()
    expect(tabs.refreshes).toEqual([])
    tabs.visible = true
    await Promise.all(all.map((tab) => tab.getAuthToken()))
    expect(tabs.refreshes).toHaveLength(1)
    stops.forEach((stop) => stop())
  })

  it('F50: after dispose(), calls reject with `disposed` and no timer is left', async () => {
    const one = await signedIn()
    await expireToken()
    tabs.deliveries = ['lost', 'lost', 'lost']
    const waiting = expect(one.getAuthToken()).rejects.toMatchObject({ code: 'disposed' })
    await untilRefreshes(1)
    one.dispose()
    await waiting
    await vi.advanceTimersByTimeAsync(0)
    expect(vi.getTimerCount()).toBe(0)
    for (const call of [one.getAuthToken(), one.signOut(), one.signIn(tabs.server.signIn())])
      await expect(call).rejects.toMatchObject({ code: 'disposed' })
  })
})
