import type { AuthResult } from '@tokenkeep/protocol'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { api, auth, rejectCurrentToken, url } from '../../test/each-api.ts'
import { session } from '../../test/records.ts'
import { authResult } from '../../test/tokens.ts'
import { TokenError } from '../errors.ts'
import type { TokenManager } from '../manager/api.ts'
import { createTokenManager } from '../manager/manager.ts'
import { memoryStore, type Store } from '../stores/store.ts'
import { functionTransport } from '../transports/function-transport.ts'
import { sessionServer } from '../transports/session-server.ts'
import { createAuthFetch } from './fetch.ts'

it('refreshes once for 10 parallel 401s, and replays all 10 requests with their bodies', async () => {
  const old = await rejectCurrentToken()
  const send = createAuthFetch(auth, { origins: [url] })
  const bodies = Array.from({ length: 10 }, (_, index) => `body ${index}`)
  const answers = await Promise.all(bodies.map((body) => send(`${url}/api`, { method: 'POST', body })))
  expect(answers.map(({ status }) => status)).toEqual(bodies.map(() => 200))
  expect(await Promise.all(answers.map((each) => each.text()))).toEqual(bodies)
  expect(api.refreshes).toBe(1)
  expect(api.seen.filter(({ token }) => token === old)).toHaveLength(10)
})

it('replays a request with the newer token, without a refresh, if the 401 was for an older token', async () => {
  const old = await rejectCurrentToken()
  await auth.getAuthToken({ rejected: old })
  expect(api.refreshes).toBe(1)
  const stale = {
    getAuthToken: (options?: { rejected?: string }) =>
      options?.rejected ? auth.getAuthToken(options) : Promise.resolve(old),
  }
  expect((await createAuthFetch(stale, { origins: [url] })(`${url}/api`)).status).toBe(200)
  expect(api.refreshes).toBe(1)
})

it('refreshes and replays once if the API always answers 401, and does not refresh again while the token is fresh', async () => {
  await rejectCurrentToken()
  api.accepts = () => false
  const send = createAuthFetch(auth, { origins: [url] })
  expect((await send(`${url}/api`)).status).toBe(401)
  expect([api.refreshes, api.seen.length]).toEqual([1, 2])
  expect((await send(`${url}/api`)).status).toBe(401)
  expect([api.refreshes, api.seen.length]).toEqual([1, 3])
})

it('F26: does not serve a token again after an API has rejected it', async () => {
  const old = await rejectCurrentToken()
  await createAuthFetch(auth, { origins: [url] })(`${url}/api`)
  expect(await auth.getAuthToken()).not.toBe(old)
})

it('sends the token only to the listed origins', async () => {
  const response = await createAuthFetch(auth, { origins: ['https://api.example.com'] })(`${url}/api`)
  expect(response.status).toBe(401)
  expect(api.seen).toEqual([{ token: undefined, body: '' }])
  expect(api.refreshes).toBe(0)
})

it('sends no request again in the name of another user who signed in meanwhile', async () => {
  await rejectCurrentToken()
  const switching: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    await auth.signIn(authResult('s2', 'u2', 'rt9', 9))
    return response
  }
  const response = await createAuthFetch(auth, { origins: [url], fetch: switching })(`${url}/api`)
  expect(response.status).toBe(401)
  expect(api.seen).toHaveLength(1)
})

describe('a request says whether it carries the token (case D5)', () => {
  it('by default, it is sent without a token if nobody is signed in', async () => {
    await auth.signOut()
    expect((await createAuthFetch(auth, { origins: [url] })(`${url}/api`)).status).toBe(401)
    expect(api.seen).toEqual([{ token: undefined, body: '' }])
  })

  it('by default, it waits until the storage has been read', async () => {
    const store = memoryStore()
    const storage: Store = {
      update: async (key, change) => {
        await new Promise((resolve) => setTimeout(resolve, 50))
        return store.update(key, change)
      },
    }
    const slow = createTokenManager({ transport: sessionServer({ url, appId: 'app' }), storage })
    await createAuthFetch(slow, { origins: [url] })(`${url}/api`)
    expect(slow.get().status).toBe('signed-out')
    expect(api.seen).toEqual([{ token: undefined, body: '' }])
    slow.dispose()
  })

  it('by default, it fails if a session cannot get a token', async () => {
    const send = createAuthFetch(auth, { origins: [url] })
    const failing = (error: TokenError, renewable: boolean) => ({
      get: () => ({ status: 'expired', session: { ...session, renewable } }) as const,
      getAuthToken: () => Promise.reject(error),
    })
    for (const manager of [
      failing(new TokenError('unreachable'), true),
      failing(new TokenError('sign-in-required', { reason: 'expired' }), false),
    ])
      // oxlint-disable-next-line no-await-in-loop -- One state at a time.
      await expect(createAuthFetch(manager, { origins: [url] })(`${url}/api`)).rejects.toBeInstanceOf(
        TokenError,
      )
    // The session ends while the request waits: it is not sent without a token.
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_000)
    const waiting = send(`${url}/api`)
    await auth.signOut()
    await expect(waiting).rejects.toMatchObject({ code: 'sign-in-required' })
    expect(api.seen).toEqual([])
  })

  it('`always` fails if nobody is signed in', async () => {
    await auth.signOut()
    const always = { authToken: 'always' } as const
    for (const sent of [
      createAuthFetch(auth, { origins: [url] })(`${url}/api`, always),
      createAuthFetch(auth, { origins: [url], ...always })(`${url}/api`),
    ])
      // oxlint-disable-next-line no-await-in-loop -- One at a time.
      await expect(sent).rejects.toMatchObject({ code: 'sign-in-required' })
    expect(api.seen).toEqual([])
  })

  it('`never` is sent at once, without a token', async () => {
    const waits = vi.spyOn(auth, 'getAuthToken')
    await createAuthFetch(auth, { origins: [url] })(`${url}/api`, { authToken: 'never' })
    expect(waits).not.toHaveBeenCalled()
    expect(api.seen).toEqual([{ token: undefined, body: '' }])
  })
})

it('sends the token in another header, with another scheme (case D6)', async () => {
  const sent = vi.fn<typeof fetch>(async () => new Response())
  const headersOf = async (options: { header?: string; scheme?: string }) => {
    await createAuthFetch(auth, { origins: [url], fetch: sent, ...options })(`${url}/api`)
    return Object.fromEntries((sent.mock.lastCall![0] as Request).headers)
  }
  const token = await auth.getAuthToken()
  expect(await headersOf({ header: 'x-access-token' })).toEqual({ 'x-access-token': token })
  expect(await headersOf({ header: 'x-access-token', scheme: 'JWT' })).toEqual({
    'x-access-token': `JWT ${token}`,
  })
  expect(await headersOf({ scheme: 'JWT' })).toEqual({ authorization: `JWT ${token}` })
})

it('returns the 401 to a stream, which cannot be sent again, and asks for a newer token (case D3)', async () => {
  const old = await rejectCurrentToken()
  const body = new Blob(['a stream']).stream()
  const init = { method: 'POST', body, duplex: 'half' } as RequestInit
  expect((await createAuthFetch(auth, { origins: [url] })(`${url}/api`, init)).status).toBe(401)
  expect(api.seen).toEqual([{ token: old, body: 'a stream' }])
  expect(await auth.getAuthToken()).not.toBe(old)
})

it("rejects with the signal's reason if it is cancelled while it waits for a token (case D4)", async () => {
  for (const reason of [new Error('left the page'), undefined]) {
    const hanging: Pick<TokenManager, 'getAuthToken'> = {
      getAuthToken: ({ signal } = {}) =>
        new Promise((_, reject) =>
          signal!.addEventListener('abort', () =>
            reject(new TokenError('aborted', { cause: signal!.reason })),
          ),
        ),
    }
    const caller = new AbortController()
    const answer = createAuthFetch(hanging, { origins: [url] })(`${url}/api`, { signal: caller.signal })
    caller.abort(reason)
    // oxlint-disable-next-line no-await-in-loop -- One at a time.
    await expect(answer).rejects.toBe(caller.signal.reason)
  }
})

it('does not change a request that has the header already (case D11)', async () => {
  const headers = { authorization: 'Basic dTpw' }
  const sent = vi.fn<typeof fetch>(async () => new Response(null, { status: 401 }))
  await createAuthFetch(auth, { origins: [url], fetch: sent })(`${url}/api`, { headers })
  expect(sent).toHaveBeenCalledOnce()
  expect((sent.mock.lastCall![0] as Request).headers.get('authorization')).toBe('Basic dTpw')
})

it('sends a no-cors request without a token and says so, and refuses it with `always` (case D11)', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  const send = createAuthFetch(auth, { origins: [url] })
  await send(`${url}/api`, { mode: 'no-cors' })
  expect(api.seen).toEqual([{ token: undefined, body: '' }])
  expect(warn.mock.calls.flat().join()).toMatch(/no-cors/)
  await expect(send(`${url}/api`, { mode: 'no-cors', authToken: 'always' })).rejects.toThrow(TypeError)
})

it('refuses a no-cors request if all requests must carry the token, but not one to another origin (case D11)', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  const sent = vi.fn<typeof fetch>(async () => new Response())
  const send = createAuthFetch(auth, { origins: [url], authToken: 'always', fetch: sent })
  await expect(send(`${url}/api`, { mode: 'no-cors' })).rejects.toThrow(TypeError)
  expect(sent).not.toHaveBeenCalled()
  await send('https://analytics.example.com/hit', { mode: 'no-cors' })
  expect(sent).toHaveBeenCalledOnce()
  expect(warn).not.toHaveBeenCalled()
})

it('passes on what only another `fetch` understands', async () => {
  const sent = vi.fn<typeof fetch>(async () => new Response())
  const init = { next: { revalidate: 60 }, method: 'POST', body: 'x' } as RequestInit
  await createAuthFetch(auth, { origins: [url], fetch: sent })(`${url}/api`, init)
  expect(sent.mock.lastCall![1]).toMatchObject({ next: { revalidate: 60 } })
  expect(await new Request(...sent.mock.lastCall!).text()).toBe('x')
})

describe('as the global fetch (case C4)', () => {
  const { fetch: original } = globalThis
  afterEach(() => void (globalThis.fetch = original))
  /** Other code that replaces `fetch`. */
  const patches: Record<string, (below: typeof fetch) => typeof fetch> = {
    'nothing above it': (below) => below,
    'a patch above it that passes its arguments on': (below) => (input, init) => below(input, init),
    'a patch above it that awaits': (below) => async (input, init) => {
      await undefined
      return below(input, init)
    },
    'a patch above it that makes a new Request': (below) => (input, init) => below(new Request(input, init)),
    'a second one above it': (below) => {
      globalThis.fetch = below
      return createAuthFetch(auth, { origins: [url] })
    },
  }
  for (const [name, patch] of Object.entries(patches))
    it(`sends each request once: ${name}`, async () => {
      globalThis.fetch = patch(createAuthFetch(auth, { origins: [url] }))
      const token = await auth.getAuthToken()
      expect((await fetch(`${url}/api`)).status).toBe(200)
      expect((await fetch(new Request(`${url}/api`, { method: 'POST', body: 'x' }))).status).toBe(200)
      expect((await fetch(`${url}/api`, { method: 'POST', body: 'y', headers: {} })).status).toBe(200)
      await fetch(`${url}/api`, { headers: { authorization: 'Basic dTpw' } })
      await auth.signOut()
      await fetch(`${url}/api`)
      expect(api.seen).toEqual([
        { token, body: '' },
        { token, body: 'x' },
        { token, body: 'y' },
        { token: 'Basic dTpw', body: '' },
        { token: undefined, body: '' },
      ])
    })

  it('refreshes by a request of the manager that goes through it', async () => {
    globalThis.fetch = createAuthFetch(auth, { origins: [url] })
    await rejectCurrentToken()
    expect((await fetch(`${url}/api`)).status).toBe(200)
    expect(api.refreshes).toBe(1)
  })

  it("refreshes by the app's own function, which sends its request through it", async () => {
    const refresh = async () => {
      const response = await fetch(`${url}/tokens`, { method: 'POST' })
      const { auth_result: result } = (await response.json()) as { auth_result: AuthResult }
      return { authToken: result.auth_token, expiresIn: 60, refreshToken: 'rt' }
    }
    const own = createTokenManager({
      storage: memoryStore(),
      transport: functionTransport({ key: 'own', refresh }),
    })
    await own.signIn({ authToken: 'the.first.token', expiresIn: 60, refreshToken: 'rt' })
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_000)
    globalThis.fetch = createAuthFetch(own, { origins: [url] })
    expect((await fetch(`${url}/api`)).status).toBe(200)
    expect(api.refreshes).toBe(1)
    own.dispose()
  })

  it('uses a fetch that replaces the global one later', async () => {
    const send = createAuthFetch(auth, { origins: [url] })
    const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response('of the spy'))
    expect(await (await send(`${url}/api`)).text()).toBe('of the spy')
    spy.mockRestore()
  })
})
