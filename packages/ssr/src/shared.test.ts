import { setTimeout } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createBrowser, epochIn, recordIn } from '../test/browser.ts'
import { startRedisStore, stores, type StoreUnderTest } from '../test/stores.ts'
import { copyOf, createStrictWorld, LIFETIME, tokenOf, type Options } from '../test/strict-world.ts'
import type { SessionEvent } from './events.ts'
import type { SessionStore } from './stores/session-store.ts'

const clock = performance.now.bind(performance)

/** A promise that the test resolves. */
function gate() {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { open, opened }
}

describe.each(Object.entries(stores))('R37: instances that share %s', (_, start) => {
  let place: StoreUnderTest
  let world: ReturnType<typeof createStrictWorld>
  let events: SessionEvent[]
  /** Milliseconds. */
  let passed: number
  beforeAll(async () => {
    place = await start()
  })
  afterAll(() => place.close())
  beforeEach(async () => {
    await place.clear()
    world = createStrictWorld()
    events = []
    passed = 0
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })

  const instance = (options: Options = {}) =>
    world.instance({ store: place.store, onEvent: (event) => events.push(event), ...options })
  /** A store that does what the test says before, or instead of, some writes. The first write of a refresh takes its lease. */
  const storeWith = (write: SessionStore['write']): SessionStore => ({ ...place.store, write })
  /** Lets the time of all clocks pass: that of the store, of the processes and of the tokens. */
  const pass = async (seconds: number): Promise<void> => {
    world.pass(seconds)
    passed += seconds * 1000
    vi.spyOn(performance, 'now').mockImplementation(() => clock() + passed)
    await place.lapse()
  }

  it('send one refresh per expiry, for any number of parallel requests', async () => {
    const instances = [instance(), instance(), instance()]
    const { browser, family } = await instances[0]!.signIn()
    for (let round = 1; round <= 3; round++) {
      world.pass(LIFETIME)
      const tokens = await Promise.all(
        Array.from({ length: 12 }, (_, at) => instances[at % 3]!.token(browser)),
      )
      expect(new Set(tokens)).toEqual(new Set([`access 0 ${round}`]))
      expect(family.requests).toBe(round)
    }
  })

  it('serve a cookie that is any number of generations behind, and give the browser the newest', async () => {
    const app = instance()
    const { browser, family } = await app.signIn()
    const lost = copyOf(browser)
    for (let round = 1; round <= 12; round++) {
      world.pass(LIFETIME)
      await app.token(browser)
    }
    expect(await instance().token(lost)).toBe('access 0 12')
    expect(family.requests).toBe(12)
    world.pass(LIFETIME)
    expect(await instance().token(lost)).toBe('access 0 13')
  })

  it('refresh a found record that has too little time left for the caller', async () => {
    const { browser } = await instance().signIn()
    const lost = copyOf(browser)
    world.pass(LIFETIME)
    await instance().token(browser)
    world.pass(LIFETIME / 2)
    expect(await instance().token(copyOf(lost))).toBe('access 0 1')
    const long = await instance().visit(lost, (session) =>
      session.getAuthToken({ minValidSeconds: LIFETIME * 0.6 }),
    )
    expect(long).toBe('access 0 2')
  })

  it('ask no store while the auth token can be used', async () => {
    const read = vi.fn<SessionStore['read']>()
    const { browser } = await instance().signIn()
    await instance({ store: { ...place.store, read } }).token(browser)
    expect(read).not.toHaveBeenCalled()
  })

  it('go on after an instance that dies with the lease, once the store’s clock has ended it', async () => {
    const dying = instance({ fetch: () => new Promise(() => undefined) })
    const { browser, family } = await dying.signIn()
    await pass(LIFETIME)
    void dying.token(copyOf(browser))
    await expect.poll(async () => (await place.dump()).length).toBeGreaterThan(2)
    const waiting = instance().token(copyOf(browser))
    await place.lapse()
    expect(await waiting).toBe('access 0 1')
    expect(family.requests).toBe(1)
  })

  it('let no instance send that wakes after its lease', async () => {
    const frozen = gate()
    const leased = gate()
    const sleeper = instance({
      store: storeWith(async (...write) => {
        const isWritten = await place.store.write(...write)
        leased.open()
        await frozen.opened
        return isWritten
      }),
    })
    const { browser, family } = await sleeper.signIn()
    await pass(LIFETIME)
    const late = sleeper.token(copyOf(browser))
    await leased.opened
    await pass(15)
    expect(await instance().token(copyOf(browser))).toBe('access 0 1')
    frozen.open()
    expect(await late).toBe('access 0 1')
    expect([family.requests, family.isAlive]).toEqual([1, true])
  })

  it('let no write that was late in the network overwrite a newer one', async () => {
    const late: Parameters<SessionStore['write']>[] = []
    let writes = 0
    const app = instance({
      store: storeWith(async (...write) => {
        if (++writes !== 2) return place.store.write(...write)
        late.push(write)
        throw new Error('The connection broke.')
      }),
    })
    const { browser, family } = await app.signIn()
    const lost = copyOf(browser)
    for (const token of ['access 0 1', 'access 0 2']) {
      await pass(LIFETIME)
      expect(await app.token(browser)).toBe(token)
    }
    expect(await place.store.write(...late[0]!)).toBe(false)
    expect(await instance().token(lost)).toBe('access 0 2')
    expect([family.requests, family.isAlive]).toEqual([2, true])
  })

  it('end a session everywhere by a sign-out, also one that is being refreshed: its successor is revoked', async () => {
    const held = gate()
    const sent = gate()
    const slow = instance({
      async fetch(url, init) {
        const answer = await world.server.fetch(url, init)
        sent.open()
        await held.opened
        return answer
      },
    })
    const { browser, family } = await slow.signIn()
    const before = copyOf(browser)
    world.pass(LIFETIME)
    // A component refreshes: its response cannot set a cookie.
    const late = slow.serve(copyOf(browser), tokenOf)
    await sent.opened
    await instance().signOut(browser)
    expect(family.isAlive).toBe(true)
    held.open()
    const { result, headers } = await late
    expect(result).toBe('sign-in-required')
    expect(family.isAlive).toBe(false)
    // The late response brings nothing back, and does not write the epoch cookie.
    browser.receive({ headers })
    expect(epochIn(browser)).toBe('out')
    expect(await instance().token(browser)).toBe('sign-in-required')
    expect(await instance().token(before)).toBe('sign-in-required')
    expect(family.requests).toBe(1)
  })

  it('keep the next session, if a refresh of the one before ends late', async () => {
    const held = gate()
    const sent = gate()
    const slow = instance({
      async fetch(url, init) {
        sent.open()
        await held.opened
        return world.server.fetch(url, init)
      },
    })
    const { browser, family } = await slow.signIn()
    world.pass(LIFETIME)
    const late = slow.serve(copyOf(browser), tokenOf)
    await sent.opened
    const app = instance()
    const { family: next } = await app.signIn(browser)
    held.open()
    browser.receive(await late)
    expect(await app.token(browser)).toBe('access 1 0')
    expect([family.isAlive, next.isAlive]).toEqual([false, true])
    // The next request deletes what the late response has left.
    expect([...browser.cookies.keys()].filter((name) => name.includes('.'))).toEqual([recordIn(browser)])
  })

  it('revoke the newest refresh token, not that of a late cookie', async () => {
    const app = instance()
    const { browser, family } = await app.signIn()
    const late = copyOf(browser)
    world.pass(LIFETIME)
    await app.token(browser)
    await instance().signOut(late)
    expect(family.isAlive).toBe(false)
    expect(await instance().token(browser)).toBe('access 0 1')
    world.pass(LIFETIME)
    expect(await instance().token(browser)).toBe('sign-in-required')
    expect(family.requests).toBe(1)
  })

  it('revoke the newest refresh token later, if the server was down at the sign-out', async () => {
    const app = instance()
    const { browser, family } = await app.signIn()
    const late = copyOf(browser)
    world.pass(LIFETIME)
    await app.token(browser)
    world.server.network = 'down'
    await instance().signOut(late)
    world.server.network = 'up'
    expect(family.isAlive).toBe(true)
    await instance().token(late)
    expect(family.isAlive).toBe(false)
    expect(late.cookies.size).toBe(1)
  })

  it('keep a revocation that is pending, if another response learns of the sign-out', async () => {
    const app = instance()
    const { browser, family } = await app.signIn()
    const other = copyOf(browser)
    world.pass(LIFETIME)
    world.server.network = 'down'
    await app.signOut(browser)
    browser.receive(await instance().serve(other, tokenOf))
    world.server.network = 'up'
    expect(family.isAlive).toBe(true)
    await instance().token(browser)
    expect(family.isAlive).toBe(false)
  })

  it('revoke the refresh token of the cookie, if it is newer than that of the store', async () => {
    const { browser, family } = await instance().signIn()
    for (const write of [place.store.write, async () => true]) {
      world.pass(LIFETIME)
      await instance({ store: { ...place.store, write } }).token(browser)
    }
    expect(family.generation).toBe(2)
    await instance().signOut(browser)
    expect(family.isAlive).toBe(false)
  })

  it('tell the reason of an end to every instance, without another request', async () => {
    const app = instance()
    const { browser, family } = await app.signIn()
    const copy = copyOf(browser)
    family.isAlive = false
    world.pass(LIFETIME)
    await app.token(browser)
    const state = await instance().visit(copy, async (session) => {
      await tokenOf(session)
      return session.state()
    })
    expect(state).toMatchObject({ status: 'signed-out', reason: 'revoked' })
    expect(family.requests).toBe(1)
  })

  it('share the pause after a failure (case R21)', async () => {
    let requests = 0
    const fetch = async () => {
      requests++
      return new Response(null, { status: 429, headers: { 'retry-after': '30' } })
    }
    const { browser, family } = await instance().signIn()
    world.pass(LIFETIME)
    const codes = []
    for (const each of [instance({ fetch }), instance({ fetch }), instance({ fetch })])
      codes.push(await each.token(copyOf(browser)))
    expect([codes, requests]).toEqual([['throttled', 'throttled', 'throttled'], 1])
    await pass(31)
    expect(await instance().token(browser)).toBe('access 0 1')
    expect(family.requests).toBe(1)
  })

  it('sign nobody out while the store is down, and send nothing', async () => {
    const down = async (): Promise<never> => {
      throw new Error('The store is down.')
    }
    const { browser, family } = await instance().signIn()
    const app = instance({ store: { read: down, write: down } })
    expect(await app.token(browser)).toBe('access 0 0')
    world.pass(LIFETIME)
    const state = await app.visit(browser, async (session) => {
      await session.refreshAhead()
      return session.state()
    })
    expect(state).toMatchObject({ status: 'expired', cause: { code: 'unreachable' } })
    expect(family.requests).toBe(0)
    expect(events.find(({ type }) => type === 'store-failed')).toEqual({
      type: 'store-failed',
      cause: new Error('The store is down.'),
    })
    world.pass(10)
    expect(await instance().token(browser)).toBe('access 0 1')
  })

  it('complete a sign-out as soon as the store is back', async () => {
    const down = async (): Promise<never> => {
      throw new Error('The store is down.')
    }
    const { browser, family } = await instance().signIn()
    const copy = copyOf(browser)
    await instance({ store: { read: down, write: down } }).signOut(browser)
    // The server was told at once.
    expect([epochIn(browser), family.isAlive]).toEqual(['out', false])
    expect(await place.dump()).toBe('[]')
    await instance().token(browser)
    expect(browser.cookies.size).toBe(1)
    world.pass(LIFETIME)
    expect(await instance().token(copy)).toBe('sign-in-required')
    expect(family.requests).toBe(0)
  })

  it('keep an answer in the process, until a store that failed in the middle has taken it', async () => {
    let isDown = false
    const app = instance({
      store: storeWith(async (...write) => {
        if (isDown) throw new Error('The store is down.')
        return place.store.write(...write)
      }),
      async fetch(url, init) {
        isDown = true
        return world.server.fetch(url, init)
      },
    })
    const { browser, family } = await app.signIn()
    const copy = copyOf(browser)
    world.pass(LIFETIME)
    // A component refreshes: no cookie holds the answer.
    const [first, second] = [app.serve(copy, tokenOf), app.serve(copy, tokenOf)]
    await expect.poll(() => events.some(({ type }) => type === 'store-failed')).toBe(true)
    const third = app.serve(copy, tokenOf)
    isDown = false
    for (const { result } of await Promise.all([first, second, third])) expect(result).toBe('access 0 1')
    expect(await instance().token(browser)).toBe('access 0 1')
    expect(family.requests).toBe(1)
  })

  it('accept that a write is done although its answer was lost', async () => {
    let writes = 0
    const app = instance({
      store: storeWith(async (...write) => {
        const isWritten = await place.store.write(...write)
        if (++writes === 2) throw new Error('The connection broke.')
        return isWritten
      }),
    })
    const { browser, family } = await app.signIn()
    world.pass(LIFETIME)
    expect(await app.token(copyOf(browser))).toBe('access 0 1')
    expect(await instance().token(browser)).toBe('access 0 1')
    expect(family.requests).toBe(1)
  })

  it('go on from the newest cookie, if the store has lost its entries', async () => {
    const app = instance()
    const { browser, family } = await app.signIn()
    world.pass(LIFETIME)
    await app.token(browser)
    await place.clear()
    world.pass(LIFETIME)
    expect(await instance().token(browser)).toBe('access 0 2')
    expect(family.isAlive).toBe(true)
  })

  it('store no token, no id and no epoch in clear, and nothing that opens as a cookie', async () => {
    const app = instance()
    const { browser } = await app.signIn()
    world.pass(LIFETIME)
    await app.token(browser)
    const dump = await place.dump()
    const epoch = epochIn(browser)!
    expect(dump.length).toBeGreaterThan(300)
    for (const secret of ['refresh 0', 'access 0', 'unnamed-', 'shop', epoch])
      expect(dump).not.toContain(secret)
    for (const [value] of dump.matchAll(/[\w-]{200,}/g)) {
      const planted = createBrowser(new Map([...browser.cookies, [recordIn(browser)!, value]]))
      expect(await app.token(planted)).toBe('sign-in-required')
    }
  })

  it('leave a record of an unknown key alone: another deployment may open it (case R16)', async () => {
    const keys = [
      'a newer secret of the app, 32 characters or more',
      'a secret of the app, 32 characters or more',
    ]
    const { browser, family } = await instance().signIn()
    world.pass(LIFETIME)
    await instance({ keys }).serve(copyOf(browser), tokenOf)
    expect(await instance().token(copyOf(browser))).toBe('unreachable')
    expect(await instance({ keys }).token(browser)).toBe('access 0 1')
    expect(family.requests).toBe(1)
  })

  it('serve a session whose record is too large for a cookie from the store', async () => {
    const claims = 'x'.repeat(5000)
    const fetch = async (url: string, init: RequestInit) => {
      const response = await world.server.fetch(url, init)
      if (url.endsWith('/revoke')) return response
      const tokens = (await response.json()) as { access_token: string }
      return Response.json({ ...tokens, access_token: tokens.access_token + claims })
    }
    const { browser, family } = await instance().signIn()
    world.pass(LIFETIME)
    for (let at = 0; at < 4; at++)
      expect(await instance({ fetch }).token(browser)).toBe(`access 0 1${claims}`)
    expect(family.requests).toBe(1)
  })
})

it('R37: a Redis server that hangs signs nobody out, and a page waits two seconds for it', async () => {
  const place = await startRedisStore()
  const world = createStrictWorld()
  const app = world.instance({ store: place.store })
  const { browser, family } = await app.signIn()
  world.pass(LIFETIME)
  place.server.freeze()
  expect(await app.token(browser)).toBe('unreachable')
  place.server.thaw()
  world.pass(LIFETIME)
  expect(await app.token(browser)).toBe('access 0 1')
  expect([family.requests, family.isAlive]).toEqual([1, true])
  await place.close()
})

describe('R37: a store that fails in the middle of a refresh', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  /** Lets timers run until the work is done. Resolves to its result, and to the time that it took in seconds. */
  async function runTimers<T>(work: Promise<T>): Promise<[T, number]> {
    const done = new AbortController()
    let steps = 0
    void work.finally(() => done.abort())
    for (; !done.signal.aborted; steps++) {
      // Encryption takes real time, which no fake timer knows.
      await setTimeout(5)
      await vi.advanceTimersByTimeAsync(25)
    }
    return [await work, steps / 40]
  }

  async function failAfterSend(fetch?: Options['fetch']) {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const place = await stores['a store in memory']!()
    const world = createStrictWorld()
    let isDown = false
    const fail = (): void => {
      if (isDown) throw new Error('The store is down.')
    }
    const app = world.instance({
      store: {
        async read(key) {
          fail()
          return place.store.read(key)
        },
        async write(...write) {
          fail()
          return place.store.write(...write)
        },
      },
      fetch(url, init) {
        isDown = true
        return (fetch ?? world.server.fetch)(url, init)
      },
    })
    const { browser, family } = await app.signIn()
    world.pass(LIFETIME)
    return { app, world, browser, family, repair: () => void (isDown = false) }
  }

  it('holds a page for some seconds, and the process serves the answer until the store has it', async () => {
    const { app, browser, family, repair } = await failAfterSend()
    const old = copyOf(browser)
    const [{ result }, seconds] = await runTimers(app.serve(old, tokenOf))
    expect(result).toBe('access 0 1')
    expect(seconds).toBeGreaterThan(5)
    // No cookie holds the answer, and the store is still down.
    expect((await app.serve(old, tokenOf)).result).toBe('access 0 1')
    repair()
    await vi.advanceTimersByTimeAsync(1000)
    vi.useRealTimers()
    expect((await app.serve(old, tokenOf)).result).toBe('access 0 1')
    expect([family.requests, family.isAlive]).toEqual([1, true])
  })

  it('holds no page longer if the server is down too', async () => {
    const { app, browser, family } = await failAfterSend(async () => {
      throw new TypeError('fetch failed')
    })
    const [code, seconds] = await runTimers(app.token(browser))
    expect(code).toBe('unreachable')
    expect(seconds).toBeLessThan(3)
    expect(family.requests).toBe(0)
  })
})
