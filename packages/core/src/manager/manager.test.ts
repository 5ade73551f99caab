import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { browserEnvironment, type Environment } from '../environment.ts'
import type { TokenManager, TokenManagerOptions } from './api.ts'
import { createTokenManager } from './manager.ts'
import { withPassageTokens } from '../stores/passage-tokens.ts'
import { sessionServer } from '../transports/session-server.ts'
import type { AuthState } from '../machine/state.ts'
import { memoryStore, type Store } from '../stores/store.ts'

// Real managers over one store are the tabs; the clock, the channel, the locks and the network are ours.

const url = 'https://auth.example.com'
const endpoint = `${url}/v1/apps/app/tokens`
const lifetime = 300

const jwt = (claims: object): string => `h.${btoa(JSON.stringify(claims)).replaceAll('=', '')}.s`
let issuedCount = 0
const authResult = (sub = 'u1', sid = 's1') => {
  const now = Math.floor(Date.now() / 1000)
  return {
    auth_token: jwt({ sub, sid, iat: now, exp: now + lifetime, jti: String(++issuedCount) }),
    auth_token_expires_in: lifetime,
    session_id: sid,
    user_id: sub,
    redirect_url: '/',
    refresh_token: `rt${issuedCount}`,
  }
}

type Reply = () => Response | Promise<Response>
const granted: Reply = () => Response.json({ auth_result: authResult() }, { status: 201 })
const refused: Reply = () => Response.json({ code: 'invalid_refresh_token', error: '' }, { status: 401 })
const offline: Reply = () => Promise.reject(new TypeError('Failed to fetch'))

let requests: { method: string; headers: Headers; body: Record<string, string> }[]
let reply: Reply
let store: Store
let held: Promise<void>
const listeners = new Set<(message: unknown) => void>()
const managers: TokenManager[] = []

const environment: Environment = {
  ...browserEnvironment,
  async fetch(_, init) {
    requests.push({
      method: init.method!,
      headers: new Headers(init.headers),
      body: JSON.parse(init.body as string) as Record<string, string>,
    })
    return init.method === 'DELETE' && reply !== offline ? new Response() : reply()
  },
  async lock(_, __, work) {
    const before = held
    let release = (): void => {}
    held = new Promise((resolve) => (release = resolve))
    await before
    await work().finally(release)
  },
  channel(_, listener, signal) {
    listeners.add(listener)
    signal.addEventListener('abort', () => listeners.delete(listener))
    return (message) => listeners.forEach((each) => each !== listener && queueMicrotask(() => each(message)))
  },
}

const open = (options: Partial<TokenManagerOptions<never>> = {}) => {
  const manager = createTokenManager({
    transport: sessionServer({ url, appId: 'app' }),
    storage: store,
    environment,
    ...options,
  })
  managers.push(manager as TokenManager)
  return manager
}
const refreshes = () => requests.filter(({ method }) => method === 'POST')
const lapse = () => vi.advanceTimersByTimeAsync(lifetime * 1000)
const until = (manager: TokenManager<never>, status: AuthState['status']) =>
  vi.waitFor(() => expect(manager.get().status).toBe(status), { interval: 1 })

beforeEach(() => {
  vi.useFakeTimers()
  requests = []
  reply = granted
  store = memoryStore()
  held = Promise.resolve()
})
afterEach(() => {
  for (const manager of managers.splice(0)) manager.dispose()
  vi.useRealTimers()
})

describe('getAuthToken', () => {
  it('answers from memory while the token is valid: the same promise, and no request', async () => {
    const auth = open()
    await auth.signIn(authResult() as never)
    expect(auth.getAuthToken()).toBe(auth.getAuthToken())
    expect(requests).toEqual([])
  })

  it('F02: makes one request for 100 parallel calls on an expired token, and gives all the same answer', async () => {
    const auth = open()
    await auth.signIn(authResult() as never)
    await lapse()
    expect(auth.get().status).toBe('expired')
    const tokens = await Promise.all(Array.from({ length: 100 }, () => auth.getAuthToken()))
    expect(refreshes()).toHaveLength(1)
    expect(new Set(tokens).size).toBe(1)
  })

  it('F01: makes one request for eight tabs with ten callers each', async () => {
    const tabs = Array.from({ length: 8 }, () => open())
    await tabs[0]!.signIn(authResult() as never)
    await Promise.all(tabs.map((tab) => until(tab, 'valid')))
    await lapse()
    const tokens = await Promise.all(
      tabs.flatMap((tab) => Array.from({ length: 10 }, () => tab.getAuthToken())),
    )
    expect(refreshes()).toHaveLength(1)
    expect(new Set(tokens).size).toBe(1)
  })

  it('lets one caller give up without the others', async () => {
    const auth = open()
    await auth.signIn(authResult() as never)
    await lapse()
    const caller = new AbortController()
    const given = auth.getAuthToken({ signal: caller.signal })
    const kept = auth.getAuthToken()
    caller.abort()
    await expect(given).rejects.toMatchObject({ code: 'aborted' })
    await expect(kept).resolves.toMatch(/^h\./)
  })

  it('serves a subscriber that asks for a token, and outlives one that throws', async () => {
    const auth = open()
    await auth.signIn(authResult() as never)
    await lapse()
    const errors: unknown[] = []
    const uncaught = (error: unknown): void => void errors.push(error)
    process.on('uncaughtException', uncaught)
    const tokens: Promise<string>[] = []
    auth.subscribe(() => void tokens.push(auth.getAuthToken()))
    auth.subscribe(() => {
      throw new Error('a fault of the subscriber')
    })
    await auth.getAuthToken()
    await expect(Promise.all(tokens)).resolves.toHaveLength(tokens.length)
    expect(tokens.length).toBeGreaterThan(1)
    await vi.advanceTimersByTimeAsync(1)
    process.off('uncaughtException', uncaught)
    expect(errors).toHaveLength(tokens.length)
  })

  it('wants a sign-in where nobody is signed in, and where refresh tokens are off', async () => {
    const auth = open()
    await expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'sign-in-required', reason: 'none' })
    const { refresh_token: _, ...short } = authResult()
    await auth.signIn(short as never)
    await lapse()
    expect(auth.get()).toMatchObject({ status: 'expired', session: { renewable: false } })
    await expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'sign-in-required', reason: 'expired' })
    expect(requests).toEqual([])
  })

  it('refreshes again when the clock is set back, rather than serve the token for ever', async () => {
    const auth = open()
    await auth.signIn(authResult() as never)
    vi.setSystemTime(Date.now() - 3_600_000)
    await auth.getAuthToken()
    await auth.getAuthToken()
    expect(refreshes()).toHaveLength(1)
  })

  it('never hands one user the token of another who signed in meanwhile', async () => {
    const auth = open()
    await auth.signIn(authResult() as never)
    await lapse()
    let answer: (response: Response) => void = () => {}
    reply = () => new Promise((resolve) => (answer = resolve))
    const waiting = auth.getAuthToken()
    await vi.waitFor(() => expect(refreshes()).toHaveLength(1), { interval: 1 })
    await auth.signIn(authResult('u2', 's2') as never)
    await expect(waiting).rejects.toMatchObject({ code: 'session-changed' })
    answer(await granted())
    await vi.advanceTimersByTimeAsync(10)
    expect(auth.session()?.userId).toBe('u2')
  })
})

describe('failure', () => {
  const portal: Reply = () =>
    new Response('<html>Welcome to our hotel</html>', { headers: { 'content-type': 'text/html' } })
  const replies: [string, Reply][] = [
    ['F29: offline', offline],
    ['F27: 500', () => new Response('', { status: 500 })],
    ['F27: 503 with JSON', () => Response.json({ code: 'unavailable' }, { status: 503 })],
    ['F28: 429', () => Response.json({ code: 'rate_limited' }, { status: 429 })],
    ['F30: a captive portal', portal],
    ["F34: a proxy's 401", () => new Response('<html>', { status: 401 })],
    ['F34: 403', () => new Response('', { status: 403 })],
    ['F34: 404', () => new Response('', { status: 404 })],
    ['F30: 201 with nonsense', () => Response.json({ auth_result: { auth_token: 'x' } }, { status: 201 })],
  ]
  for (const [title, fault] of replies)
    it(`${title} signs nobody out, and the next call recovers`, async () => {
      const auth = open()
      await auth.signIn(authResult() as never)
      await lapse()
      const seen: AuthState['status'][] = []
      auth.subscribe(({ status }) => seen.push(status))
      reply = fault
      const failed = auth.getAuthToken().catch((error: unknown) => error)
      await vi.advanceTimersByTimeAsync(60_000)
      expect(await failed).toMatchObject({
        name: 'TokenError',
        code: expect.stringMatching(/unreachable|throttled|misconfigured/),
      })
      expect(seen).not.toContain('signed-out')
      reply = granted
      await expect(auth.getAuthToken()).resolves.toMatch(/^h\./)
    })

  it('retries with the same idempotency key, also in the next tab after a crash', async () => {
    const auth = open()
    await auth.signIn(authResult() as never)
    await lapse()
    reply = () => new Promise(() => {})
    void auth.getAuthToken().catch(() => {})
    await vi.waitFor(() => expect(refreshes()).toHaveLength(1), { interval: 1 })
    auth.dispose()
    held = Promise.resolve()
    reply = granted
    await open().getAuthToken()
    const keys = refreshes().map(({ headers }) => headers.get('idempotency-key'))
    expect(keys).toHaveLength(2)
    expect(keys[0]).toBe(keys[1])
  })

  it('F28: sends nothing before the server’s Retry-After, in any tab', async () => {
    const [one, two] = [open(), open()]
    await one.signIn(authResult() as never)
    await until(two, 'valid')
    await lapse()
    reply = () => Response.json({ code: 'rate_limited' }, { status: 429, headers: { 'retry-after': '30' } })
    await expect(one.getAuthToken()).rejects.toMatchObject({
      code: 'throttled',
      retryAt: Date.now() + 30_000,
    })
    await expect(two.getAuthToken()).rejects.toMatchObject({ code: 'throttled' })
    expect(refreshes()).toHaveLength(1)
    reply = granted
    await vi.advanceTimersByTimeAsync(30_000)
    await Promise.all([one.getAuthToken(), two.getAuthToken()])
    expect(refreshes()).toHaveLength(2)
  })
})

describe('the end of a session', () => {
  it('F32: a refusal signs out every tab, with its reason', async () => {
    const [one, two] = [open(), open()]
    await one.signIn(authResult() as never)
    await until(two, 'valid')
    await lapse()
    reply = () =>
      Response.json({ code: 'invalid_refresh_token', error: '', reason: 'inactive' }, { status: 401 })
    await expect(one.getAuthToken()).rejects.toMatchObject({ code: 'sign-in-required', reason: 'inactive' })
    await until(two, 'signed-out')
    expect(two.get()).toEqual({ status: 'signed-out', reason: 'inactive' })
  })

  it('F35: sign-out wins over a refresh in flight, whose answer brings nothing back', async () => {
    const [one, two] = [open(), open()]
    await one.signIn(authResult() as never)
    await until(two, 'valid')
    await lapse()
    let answer: (response: Response) => void = () => {}
    reply = () => new Promise((resolve) => (answer = resolve))
    const waiting = two.getAuthToken()
    await vi.waitFor(() => expect(refreshes()).toHaveLength(1), { interval: 1 })
    await one.signOut()
    expect(one.get()).toEqual({ status: 'signed-out', reason: 'signed-out' })
    await expect(waiting).rejects.toMatchObject({ code: 'sign-in-required', reason: 'signed-out' })
    answer(await granted())
    await vi.advanceTimersByTimeAsync(100)
    expect([one.get().status, two.get().status]).toEqual(['signed-out', 'signed-out'])
  })

  it('F38: sign-out works offline, and the server hears of it later, once', async () => {
    const auth = open()
    await auth.signIn(authResult() as never)
    reply = offline
    await auth.signOut()
    expect(auth.get().status).toBe('signed-out')
    auth.dispose()
    reply = granted
    requests = []
    open()
    await vi.waitFor(() => expect(requests).toHaveLength(1), { interval: 1 })
    expect(requests[0]).toMatchObject({
      method: 'DELETE',
      body: { refresh_token: expect.stringMatching(/^rt/) },
    })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(requests).toHaveLength(1)
  })

  it('F33: refused elsewhere, adopts what another tab wrote meanwhile', async () => {
    const auth = open()
    await auth.signIn(authResult() as never)
    await lapse()
    reply = async () => {
      await open().signIn(authResult('u1', 's2') as never)
      return refused()
    }
    await expect(auth.getAuthToken()).resolves.toMatch(/^h\./)
    expect(auth.session()?.id).toBe('s2')
  })
})

describe('storage', () => {
  /** A store whose writes fail while `full` says so. */
  const fragile = (full: () => boolean): Store => ({
    update: (key, change) =>
      store.update(key, (record) => {
        const after = change(record)
        if (after !== record && full()) throw new DOMException('', 'QuotaExceededError')
        return after
      }),
  })

  it('F16: no refresh is sent whose retry id is not in storage', async () => {
    let full = false
    const auth = open({ storage: fragile(() => full) })
    await auth.signIn(authResult() as never)
    await lapse()
    full = true
    // The first retry id was written with the sign-in; the second could not be written.
    await auth.getAuthToken()
    await lapse()
    await expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'storage' })
    expect(refreshes()).toHaveLength(1)
    full = false
    await vi.advanceTimersByTimeAsync(1000)
    await auth.getAuthToken()
    expect(refreshes()).toHaveLength(2)
  })

  it('that hangs, for a frozen tab holds it: a refresh from memory, by the retry id every tab knows', async () => {
    let release = (): void => {}
    let hung = Promise.resolve()
    const hanging: Store = {
      update: async (key, change) => (await hung, store.update(key, change)),
    }
    const [one, two] = [open({ storage: hanging }), open({ storage: hanging })]
    await one.signIn(authResult() as never)
    await until(two, 'valid')
    await lapse()
    hung = new Promise((resolve) => (release = resolve))
    const tokens = Promise.all([one.getAuthToken(), two.getAuthToken()])
    await vi.advanceTimersByTimeAsync(30_000)
    await expect(tokens).resolves.toHaveLength(2)
    expect(new Set(refreshes().map(({ headers }) => headers.get('idempotency-key'))).size).toBe(1)

    const signedOut = expect(one.signOut()).rejects.toMatchObject({ code: 'storage' })
    await vi.advanceTimersByTimeAsync(1)
    expect([one.get().status, two.get().status]).toEqual(['signed-out', 'signed-out'])
    await vi.advanceTimersByTimeAsync(6000)
    await signedOut
    expect(requests.at(-1)!.method).toBe('DELETE')
    release()
    await vi.advanceTimersByTimeAsync(100)
    expect([one.get().status, two.get().status]).toEqual(['signed-out', 'signed-out'])
    const later = open()
    await until(later, 'signed-out')
  })

  it('that hangs from the start: no flash of signed-out, and callers hear of it', async () => {
    let release = (): void => {}
    const hung = new Promise<void>((resolve) => (release = resolve))
    await open().signIn(authResult() as never)
    const auth = open({
      storage: { update: async (key, change) => (await hung, store.update(key, change)) },
    })
    const called = expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'storage' })
    await vi.advanceTimersByTimeAsync(30_000)
    await called
    expect(auth.get()).toEqual({ status: 'refreshing' })
    release()
    await until(auth, 'valid')
  })

  it('F17: a grant that can’t be kept serves this tab, and the storage catches up', async () => {
    let full = false
    const auth = open({ storage: fragile(() => full) })
    await auth.signIn(authResult() as never)
    await lapse()
    reply = () => {
      full = true
      return granted()
    }
    const token = await auth.getAuthToken()
    expect(auth.get()).toMatchObject({ status: 'valid', token })
    full = false
    reply = granted
    await lapse()
    await auth.getAuthToken()
    expect(refreshes().map(({ body }) => body['refresh_token'])).toEqual([
      `rt${issuedCount - 2}`,
      `rt${issuedCount - 1}`,
    ])
  })

  it('F20: storage denied from the start: a session of this tab, and the app is told', async () => {
    vi.stubGlobal('indexedDB', {
      open() {
        throw new DOMException('', 'SecurityError')
      },
    })
    const events: unknown[] = []
    const auth = createTokenManager({
      transport: sessionServer({ url, appId: 'app' }),
      environment,
      onEvent: (event) => events.push(event),
    })
    managers.push(auth as TokenManager)
    await until(auth as never, 'signed-out')
    expect(auth.get()).toEqual({ status: 'signed-out', reason: 'unreadable' })
    await auth.signIn(authResult())
    expect(auth.get().status).toBe('valid')
    await lapse()
    await auth.getAuthToken()
    await auth.signOut()
    await vi.waitFor(() => expect(requests.at(-1)!.method).toBe('DELETE'), { interval: 1 })
    await vi.waitFor(() => expect(events).toHaveLength(2), { interval: 1 })
    expect(events).toEqual([
      { type: 'storage-degraded', cause: expect.any(DOMException) },
      { type: 'refresh-ended' },
    ])
    vi.unstubAllGlobals()
  })

  it('F18: storage cleared: signed out at the next look, with the reason', async () => {
    const auth = open()
    await auth.signIn(authResult() as never)
    await lapse()
    store = memoryStore()
    const cleared = open()
    await until(cleared as never, 'signed-out')
    expect(cleared.get()).toMatchObject({ reason: 'none' })
  })

  it('tells what happens, and never with a token', async () => {
    const events: unknown[] = []
    const auth = open({ onEvent: (event) => events.push(event) })
    await auth.signIn(authResult() as never)
    await lapse()
    await auth.getAuthToken()
    reply = offline
    await lapse()
    await Promise.all([
      expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'unreachable' }),
      vi.advanceTimersByTimeAsync(30_000),
    ])
    reply = refused
    await expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'sign-in-required', reason: 'revoked' })
    expect(events).toEqual([
      { type: 'refresh-ended' },
      { type: 'refresh-ended', code: 'unreachable' },
      { type: 'refresh-ended', reason: 'revoked' },
    ])
  })
})

it('a token is in no event, error, address or message between tabs', async () => {
  const said: unknown[] = []
  const listening: Environment = {
    ...environment,
    channel: (name, listener, signal) => {
      const post = environment.channel(name, listener, signal)!
      return (message) => (said.push(name, message), post(message))
    },
    fetch: (url, init) => (said.push(url), environment.fetch(url, init)),
  }
  const auth = open({ environment: listening, onEvent: (event) => said.push(event) })
  const first = authResult()
  await auth.signIn(first as never)
  const tokens = [first.auth_token, first.refresh_token]
  for (const fault of [granted, offline, refused]) {
    reply = fault
    await lapse()
    const caught = auth.getAuthToken().then(
      (token) => tokens.push(token, `rt${issuedCount}`),
      ({ message, stack, cause, ...rest }: Error) => said.push(message, stack, cause, rest),
    )
    await vi.advanceTimersByTimeAsync(30_000)
    await caught
  }
  const nonsense = await auth.signIn({ auth_token: 'canary' } as never).catch((error: Error) => error)
  expect(nonsense).toBeInstanceOf(TypeError)
  expect(String(nonsense)).not.toContain('canary')
  await auth.signIn(authResult() as never)
  await auth.signOut()
  const everything = said.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).join('\n')
  expect(said.length).toBeGreaterThan(10)
  for (const token of tokens) expect(everything).not.toMatch(new RegExp(`\\b${token}\\b`))
})

describe('what Passage’s client left', () => {
  const kept = new Map<string, string>()
  beforeEach(() => {
    kept.clear()
    vi.stubGlobal('localStorage', {
      getItem: (name: string) => kept.get(name) ?? null,
      removeItem: (name: string) => kept.delete(name),
    })
    vi.stubGlobal('document', { cookie: '' })
  })
  afterEach(() => vi.unstubAllGlobals())
  const transport = sessionServer({ url, appId: 'app' })

  it('is taken over once, and then gone', async () => {
    const { auth_token, refresh_token } = authResult()
    kept.set('psg_auth_token', auth_token).set('psg_refresh_token', refresh_token)
    const auth = open({ storage: withPassageTokens(store, transport) })
    await until(auth, 'valid')
    expect(await auth.getAuthToken()).toBe(auth_token)
    expect(kept.size).toBe(0)
    expect(document.cookie).toBe('psg_auth_token=; path=/; max-age=0')
    await lapse()
    await auth.getAuthToken()
    expect(refreshes().map(({ body }) => body['refresh_token'])).toEqual([refresh_token])
  })

  it('never takes the place of a session of ours, nor a sign-out', async () => {
    await open().signIn(authResult('u2', 's2') as never)
    const { auth_token, refresh_token } = authResult()
    kept.set('psg_auth_token', auth_token).set('psg_refresh_token', refresh_token)
    const auth = open({ storage: withPassageTokens(store, transport) })
    await until(auth, 'valid')
    expect(auth.session()?.userId).toBe('u2')
    expect(kept.size).toBe(0)
  })

  it('is renewed at its first use where its auth token has lapsed', async () => {
    const { auth_token, refresh_token } = authResult()
    await vi.advanceTimersByTimeAsync(lifetime * 1000 + 1000)
    kept.set('psg_auth_token', auth_token).set('psg_refresh_token', refresh_token)
    const auth = open({ storage: withPassageTokens(store, transport) })
    expect(await auth.getAuthToken()).not.toBe(auth_token)
    expect(refreshes().map(({ body }) => body['refresh_token'])).toEqual([refresh_token])
  })

  it('is taken over without a refresh token too, for as long as its auth token lives', async () => {
    const { auth_token } = authResult()
    kept.set('psg_auth_token', auth_token)
    const auth = open({ storage: withPassageTokens(store, transport) })
    await until(auth, 'valid')
    expect(auth.session()?.renewable).toBe(false)
    expect(kept.size).toBe(0)
    await lapse()
    await expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'sign-in-required' })
  })

  it('is nothing where it is nonsense', async () => {
    kept.set('psg_auth_token', 'nonsense').set('psg_refresh_token', 'rt')
    const auth = open({ storage: withPassageTokens(store, transport) })
    await until(auth, 'signed-out')
  })
})

describe('the page', () => {
  it('is inert where there is no storage: first state, no request, a coded error', async () => {
    const auth = createTokenManager({ transport: sessionServer({ url, appId: 'app' }), environment })
    expect(auth.get()).toEqual({ status: 'refreshing' })
    await expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'storage' })
    expect(requests).toEqual([])
  })

  it('finds its session again after a reload', async () => {
    const before = open()
    await before.signIn(authResult() as never)
    const token = await before.getAuthToken()
    before.dispose()
    const after = open()
    expect(after.get()).toEqual({ status: 'refreshing' })
    expect(await after.getAuthToken()).toBe(token)
    await expect(before.getAuthToken()).rejects.toMatchObject({ code: 'disposed' })
  })

  it('speaks to the app’s token endpoint', () =>
    expect(sessionServer({ url: `${url}/`, appId: 'app' }).key).toBe(endpoint))
})
