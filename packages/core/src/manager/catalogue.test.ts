import { describe, expect, it, vi } from 'vitest'
import { signedIn, soon, tabs } from '../../test/each-test.ts'
import { browserEnvironment } from '../environment.ts'
import { indexedDbStore } from '../stores/indexed-db.ts'
import type { SignedInRecord } from '../tabs/record.ts'
import { refreshAhead } from './refresh-ahead.ts'
import { sessionServer } from '../transports/session-server.ts'
import { memoryStore } from '../stores/store.ts'
import { lifetime } from '../../test/strict-server.ts'
import { lapse } from '../../test/tabs.ts'
import { withCookie } from '../transports/with-cookie.ts'

// The failure catalogue, row by row, as far as tabs over one storage show it. The other rows are where a real
// browser is, or in the tests of the part they are about.

const two = async () => {
  const one = await signedIn()
  return [one, await tabs.open()] as const
}
const keys = () => new Set(tabs.refreshes.map(({ headers }) => headers.get('idempotency-key'))).size
const sound = () => {
  expect(tabs.server.alarms).toBe(0)
  expect([...tabs.server.sessions.values()].filter(({ ended }) => ended)).toEqual([])
}

describe('crashes', () => {
  it('F03: before it has read the record: the next in line refreshes', async () => {
    const [one, other] = await two()
    await lapse()
    void one.getAuthToken().catch(() => {})
    const waiting = other.getAuthToken()
    one.crash()
    await expect(waiting).resolves.toMatch(/^h\./)
    expect(tabs.refreshes).toHaveLength(1)
    sound()
  })

  it('F04: before its request is sent: the next sends the same retry id', async () => {
    const [one, other] = await two()
    await lapse()
    const { retryId } = (await tabs.record()) as SignedInRecord
    tabs.fates = ['vanished']
    void one.getAuthToken().catch(() => {})
    await vi.waitFor(() => expect(tabs.refreshes).toHaveLength(1))
    one.crash()
    await other.getAuthToken()
    expect(tabs.refreshes.at(-1)!.headers.get('idempotency-key')).toBe(retryId)
    expect(keys()).toBe(1)
    sound()
  })

  it('F05: after the server has committed: the next gets the same successor', async () => {
    const [one, other] = await two()
    await lapse()
    tabs.fates = ['held']
    void one.getAuthToken().catch(() => {})
    await vi.waitFor(() => expect(tabs.refreshes).toHaveLength(1))
    one.crash()
    await other.getAuthToken()
    expect([tabs.server.rotations, tabs.refreshes.length, keys()]).toEqual([1, 2, 1])
    sound()
  })

  it('F06: with the answer in its hands: as if it had never come', async () => {
    const [one, other] = await two()
    await lapse()
    tabs.fates = ['held']
    void one.getAuthToken().catch(() => {})
    await vi.waitFor(() => expect(tabs.refreshes).toHaveLength(1))
    tabs.release()
    one.crash()
    await other.getAuthToken()
    expect((await tabs.record())!.generation).toBe(1)
    expect(tabs.server.rotations).toBe(1)
    sound()
  })

  it('F07: before it has told anybody: the others find the new record by themselves', async () => {
    const [one, other] = await two()
    tabs.hints = false
    await lapse()
    const token = await one.getAuthToken()
    one.crash()
    expect(await other.getAuthToken()).toBe(token)
    expect(tabs.refreshes).toHaveLength(1)
  })

  it('F37: right after a sign-out: the next visit tells the server', async () => {
    const one = await signedIn()
    tabs.fates = ['lost']
    await one.signOut()
    one.crash()
    await tabs.open()
    await vi.waitFor(() => expect(tabs.server.sessions.get('s0')!.ended).toBe(true))
  })
})

describe('the network', () => {
  it('F09: requests lost: the same one again, three times at most', async () => {
    const one = await signedIn()
    await lapse()
    tabs.fates = ['lost', 'lost']
    const token = one.getAuthToken()
    await soon()
    await expect(token).resolves.toMatch(/^h\./)
    expect([tabs.refreshes.length, keys()]).toEqual([3, 1])
    await lapse()
    tabs.fates = ['lost', 'lost', 'lost', 'lost']
    const failed = expect(one.getAuthToken()).rejects.toMatchObject({ code: 'unreachable' })
    await soon()
    await failed
    expect(tabs.refreshes).toHaveLength(6)
    sound()
  })

  it('F10: an answer lost: one more request, and the same successor', async () => {
    const one = await signedIn()
    await lapse()
    tabs.fates = ['unanswered']
    const token = one.getAuthToken()
    await soon()
    await token
    expect([tabs.server.rotations, tabs.refreshes.length, keys()]).toEqual([1, 2, 1])
    sound()
  })

  it('F11 F13 F14: a holder that hangs is passed by; its late answer changes nothing, and it adopts', async () => {
    const [one, other] = await two()
    await lapse()
    tabs.fates = ['held']
    const late = one.getAuthToken()
    await vi.waitFor(() => expect(tabs.refreshes).toHaveLength(1))
    const waiting = other.getAuthToken()
    await soon(27_000)
    const token = await waiting
    const written = await tabs.record()
    tabs.release()
    expect(await late).toBe(token)
    expect(await tabs.record()).toEqual(written)
    expect([tabs.server.rotations, keys()]).toEqual([1, 1])
    sound()
  })

  it('F12: a duplicate that comes two rotations late is refused, and ends nothing', async () => {
    const one = await signedIn()
    await lapse()
    await one.getAuthToken()
    const first = tabs.refreshes[0]!
    for (let more = 0; more < 2; more++) {
      await lapse()
      await one.getAuthToken()
    }
    expect(tabs.server.handle(first).status).toBe(401)
    await lapse()
    await one.getAuthToken()
    sound()
  })

  it('F31: a slow network: one request, shared; one caller’s abort is not the others’', async () => {
    const one = await signedIn()
    await lapse()
    tabs.fates = ['held']
    const caller = new AbortController()
    const gone = expect(one.getAuthToken({ signal: caller.signal })).rejects.toMatchObject({
      code: 'aborted',
    })
    const kept = [one.getAuthToken(), one.getAuthToken()]
    await soon(9000)
    caller.abort()
    await gone
    tabs.release()
    expect(new Set(await Promise.all(kept)).size).toBe(1)
    expect(tabs.refreshes).toHaveLength(1)
  })

  it('F45: revoked by an administrator: out at the next refresh, the auth token serving till its own end', async () => {
    const [one, other] = await two()
    tabs.server.sessions.get('s0')!.ended = true
    await expect(one.getAuthToken()).resolves.toMatch(/^h\./)
    await lapse()
    await expect(one.getAuthToken()).rejects.toMatchObject({ code: 'sign-in-required', reason: 'revoked' })
    await vi.waitFor(() => expect(other.get()).toEqual({ status: 'signed-out', reason: 'revoked' }))
  })
})

describe('the lock', () => {
  it('F15: stolen by other code: the work goes on, once', async () => {
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
    const held = browserEnvironment.lock('name', 1000, work).then(() => (done = true))
    await soon(10)
    expect([work.mock.calls.length, done]).toEqual([1, false])
    release()
    await held
    expect(work).toHaveBeenCalledTimes(1)
  })
})

describe('storage', () => {
  it('F19: cleared in the middle of a refresh, then another sign-in: the old answer is dropped', async () => {
    const one = await signedIn()
    await lapse()
    tabs.fates = ['held']
    const waiting = expect(one.getAuthToken()).rejects.toMatchObject({ code: 'session-changed' })
    await vi.waitFor(() => expect(tabs.refreshes).toHaveLength(1))
    await tabs.clear()
    const other = await tabs.open()
    await other.signIn(tabs.server.signIn('u2') as never)
    await waiting
    tabs.release()
    await soon(10)
    expect([one.session()?.userId, (await tabs.record())!.session?.userId]).toEqual(['u2', 'u2'])
  })

  it('F42: a newer version of this library has written: it is left alone, and this one reads only', async () => {
    const key = 'https://auth.example.com/v1/apps/app/tokens'
    const one = await signedIn()
    const newer = { v: 2, epoch: 'x', whatever: [1] }
    await tabs.storage.update(key, () => newer as never)
    await expect(one.getAuthToken()).resolves.toMatch(/^h\./)
    await expect(one.signIn(tabs.server.signIn() as never)).rejects.toMatchObject({ code: 'storage' })
    const late = await tabs.open()
    expect(late.get()).toEqual({ status: 'signed-out', reason: 'unreadable' })
    expect(await tabs.storage.update(key, (record) => record)).toBe(newer)
  })

  it('F42: fields of a newer version that are no bar to this one are kept', async () => {
    const one = await signedIn()
    const key = 'https://auth.example.com/v1/apps/app/tokens'
    await tabs.storage.update(key, (record) => ({ ...record!, added: 'later' }) as never)
    await lapse()
    await one.getAuthToken()
    expect(await tabs.record()).toMatchObject({ added: 'later', generation: 1 })
  })

  it('F43: no upgrade of the database that a tab could block: its version is 1 for ever', () => {
    const open = vi.fn(() => ({}))
    vi.stubGlobal('indexedDB', { open })
    void indexedDbStore().update('key', (record) => record)
    expect(open).toHaveBeenCalledWith('tokenkeep', 1)
  })

  it('F48: two apps on one origin do not meet', async () => {
    const storage = memoryStore()
    const app = (appId: string) =>
      tabs.open({ storage, transport: sessionServer({ url: 'https://auth.example.com', appId }) as never })
    const [one, other] = [await app('one'), await app('other')]
    await one.signIn(tabs.server.signIn() as never)
    expect([one.get().status, other.get().status]).toEqual(['valid', 'signed-out'])
    await other.signOut()
    expect((await app('one')).get().status).toBe('valid')
  })
})

describe('the clock', () => {
  const hour = 3_600_000
  for (const hours of [-5, 5])
    it(`F23: off by ${hours} h: as many refreshes as with a true one`, async () => {
      const one = await signedIn()
      vi.setSystemTime(Date.now() + hours * hour)
      for (let more = 0; more < 3; more++) {
        await one.getAuthToken()
        await one.getAuthToken()
        await lapse()
      }
      await one.getAuthToken()
      // One for the jump itself, and one for each token that has lapsed.
      expect(tabs.refreshes).toHaveLength(4)
      sound()
    })

  it('F24: stepped back in the middle of a token’s life: one refresh, and none more', async () => {
    const one = await signedIn()
    const before = await one.getAuthToken()
    vi.setSystemTime(Date.now() - hour)
    expect(await one.getAuthToken()).not.toBe(before)
    await one.getAuthToken()
    expect(tabs.refreshes).toHaveLength(1)
  })

  it('F24: stepped back by less than its age: the timer’s clock ends the token all the same', async () => {
    const one = await signedIn()
    const before = await one.getAuthToken()
    await vi.advanceTimersByTimeAsync((lifetime / 2) * 1000)
    vi.setSystemTime(Date.now() - (lifetime / 4) * 1000)
    await vi.advanceTimersByTimeAsync((lifetime / 2) * 1000)
    expect(one.get().status).toBe('expired')
    expect(await one.getAuthToken()).not.toBe(before)
  })

  it('F25: asleep for eight hours, the timers too: the first call refreshes, and never gets what has lapsed', async () => {
    const one = await signedIn()
    const before = await one.getAuthToken()
    vi.setSystemTime(Date.now() + 8 * hour)
    expect(one.get()).toMatchObject({ token: before })
    expect(await one.getAuthToken()).not.toBe(before)
    expect(tabs.refreshes).toHaveLength(1)
  })

  it('F49, case A7: a clock past the end of the session asks the server, whose answer decides', async () => {
    const one = await tabs.open()
    const result = {
      ...tabs.server.signIn(),
      absolute_expires_in: 2 * lifetime,
      inactivity_expires_in: lifetime,
    }
    await one.signIn(result as never)
    vi.setSystemTime(Date.now() + 60 * 24 * hour)
    await one.getAuthToken()
    expect(one.get().status).toBe('valid')
    expect(tabs.refreshes).toHaveLength(1)
    await soon(1000)
    tabs.server.sessions.get(result.session_id)!.ended = true
    vi.setSystemTime(Date.now() + 60 * 24 * hour)
    await expect(one.getAuthToken()).rejects.toMatchObject({ code: 'sign-in-required', reason: 'revoked' })
    expect(tabs.refreshes).toHaveLength(2)
  })

  it('a token that lives for months needs no timer that long', async () => {
    const one = await tabs.open()
    const months = 100 * 86_400
    await one.signIn({ ...tabs.server.signIn(), auth_token_expires_in: months } as never)
    await vi.advanceTimersByTimeAsync(90 * 86_400_000)
    expect(one.get().status).toBe('valid')
    await vi.advanceTimersByTimeAsync(10 * 86_400_000)
    expect(one.get().status).toBe('expired')
  })
})

describe('people', () => {
  it('F39: a late answer after a sign-out, and a cookie that came with it: nobody is signed in, now or later', async () => {
    const cookie = {
      transport: withCookie(sessionServer({ url: 'https://auth.example.com', appId: 'app' })),
    }
    const one = await tabs.open(cookie as never)
    await one.signIn(tabs.server.signIn() as never)
    await lapse()
    tabs.fates = ['held']
    void one.getAuthToken().catch(() => {})
    await vi.waitFor(() => expect(tabs.refreshes).toHaveLength(1))
    await one.signOut()
    tabs.release()
    await soon(100)
    expect(one.get().status).toBe('signed-out')
    expect((await tabs.open(cookie as never)).get().status).toBe('signed-out')
    await vi.waitFor(() => expect(tabs.server.sessions.get('s0')!.ended).toBe(true))
  })

  it('F40: another user signs in during a refresh: its answer is dropped, its session revoked', async () => {
    const [one, other] = await two()
    await lapse()
    tabs.fates = ['held']
    const waiting = expect(one.getAuthToken()).rejects.toMatchObject({ code: 'session-changed' })
    await vi.waitFor(() => expect(tabs.refreshes).toHaveLength(1))
    await other.signIn(tabs.server.signIn('u2') as never)
    await waiting
    tabs.release()
    await vi.waitFor(() => expect(tabs.server.sessions.get('s0')!.ended).toBe(true))
    expect(one.session()?.userId).toBe('u2')
    expect(tabs.server.sessions.get('s1')!.ended).toBe(false)
  })

  it('F41: a sign-in in a tab that was opened before a sign-out elsewhere: the last deed wins', async () => {
    const [one, other] = await two()
    tabs.hints = false
    await one.signOut()
    await other.signIn(tabs.server.signIn('u2') as never)
    one.wake()
    await vi.waitFor(() => expect(one.session()?.userId).toBe('u2'))
  })
})

describe('the page', () => {
  it('F46: back from the cache: the record is read before a token is served', async () => {
    const [one, other] = await two()
    tabs.hints = false
    await other.signOut()
    await expect(one.getAuthToken()).resolves.toMatch(/^h\./)
    one.wake()
    await expect(one.getAuthToken()).rejects.toMatchObject({ code: 'sign-in-required', reason: 'signed-out' })
  })

  it('F47: twenty hidden tabs, to refresh ahead of time: none of them does, and one request serves all', async () => {
    const all = [await tabs.open()]
    await all[0]!.signIn(tabs.server.signIn() as never)
    while (all.length < 20) all.push(await tabs.open())
    const stops = all.map((tab) => refreshAhead(tab, 60, tabs.environment()))
    tabs.visible = false
    await lapse()
    expect(tabs.refreshes).toEqual([])
    tabs.visible = true
    await Promise.all(all.map((tab) => tab.getAuthToken()))
    expect(tabs.refreshes).toHaveLength(1)
    stops.forEach((stop) => stop())
  })

  it('F50: after dispose, a coded error and no timer', async () => {
    const one = await signedIn()
    await lapse()
    tabs.fates = ['lost', 'lost', 'lost']
    const waiting = expect(one.getAuthToken()).rejects.toMatchObject({ code: 'disposed' })
    await vi.waitFor(() => expect(tabs.refreshes).toHaveLength(1))
    one.dispose()
    await waiting
    await vi.advanceTimersByTimeAsync(0)
    expect(vi.getTimerCount()).toBe(0)
    for (const call of [one.getAuthToken(), one.signOut(), one.signIn(tabs.server.signIn() as never)])
      await expect(call).rejects.toMatchObject({ code: 'disposed' })
  })
})
