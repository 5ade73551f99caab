import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { expireToken, pass, tabs } from '../../test/each-test.ts'
import { refreshRequest, unusedSend } from '../../test/requests.ts'
import type { ManagerEvent, TokenManager } from '../manager/api.ts'
import { createTokenManager } from '../manager/manager.ts'
import { memoryStore } from '../stores/store.ts'
import {
  functionTransport,
  type FunctionTransportOptions,
  type FunctionTransportResult,
} from './function-transport.ts'

type Refresh = FunctionTransportOptions['refresh']

describe('a refresh', () => {
  const answerOf = (refresh: Refresh) =>
    functionTransport({ key: 'k', refresh }).refresh(refreshRequest, unusedSend, () => 0)

  it('brings tokens if the function resolves to a result', async () =>
    expect(await answerOf(async () => ({ authToken: 'at', expiresIn: 5 }))).toMatchObject({
      issued: { lifetime: 5000 },
    }))

  it('ends the session if the function resolves to undefined', async () =>
    expect(await answerOf(async () => undefined)).toMatchObject({ refused: 'revoked' }))

  it.for(['revoked', 'reused', 'expired', 'inactive'] as const)('may end the session as %s', async (ended) =>
    expect(await answerOf(async () => ({ ended }))).toEqual({ refused: ended }),
  )

  it.for([
    [{ failed: 'unreachable' }, { failed: 'unreachable', retryAfter: undefined }],
    [
      { failed: 'throttled', retryAfter: 30 },
      { failed: 'throttled', retryAfter: 30_000 },
    ],
    [
      { failed: 'throttled', retryAfter: 90_000 },
      { failed: 'throttled', retryAfter: 3_600_000 },
    ],
    [
      { failed: 'throttled', retryAfter: Number.NaN },
      { failed: 'throttled', retryAfter: undefined },
    ],
    [
      { failed: 'throttled', retryAfter: -1 },
      { failed: 'throttled', retryAfter: undefined },
    ],
    [
      { failed: 'misconfigured', cause: 'the wrong client' },
      { failed: 'misconfigured', cause: 'the wrong client' },
    ],
    [
      { failed: 'sign-in-required' },
      { failed: 'sign-in-required', session: { ...refreshRequest.session, renewable: false } },
    ],
  ] as const)('may say %j', async ([outcome, answer]) =>
    expect(await answerOf(async () => outcome)).toMatchObject(answer),
  )

  it.for([
    ['an error of its own', new Error('down')],
    ['a request that Chromium could not send', new TypeError('Failed to fetch')],
    [
      'a request that Firefox could not send',
      new TypeError('NetworkError when attempting to fetch resource.'),
    ],
    [
      'a request that Safari could not send',
      Object.assign(new TypeError('Impossible de se connecter'), { stack: '' }),
    ],
    ['a request that Node could not send', new TypeError('fetch failed')],
    ['a request that React Native could not send', new TypeError('Network request failed')],
    ['a response that is no JSON', new SyntaxError('Unexpected token <')],
    ['a timeout', new DOMException('The operation timed out.', 'TimeoutError')],
    ['a value that is no error', 'down'],
  ])('is unreachable after %s, with the cause (case D8)', async ([, cause]) =>
    expect(await answerOf(() => Promise.reject(cause as Error))).toEqual({ failed: 'unreachable', cause }),
  )

  const nothing: { readonly token: string } | undefined = undefined
  it.for([
    ['a TypeError', async () => ({ authToken: nothing!.token, expiresIn: 1 })],
    ['a ReferenceError', () => Promise.reject(new ReferenceError('fetchh is not defined'))],
    ['an error before the promise', () => Promise.resolve({ authToken: nothing!.token, expiresIn: 1 })],
  ] as [string, Refresh][])(
    'shows %s in the app’s own code as a mistake, with the cause (case D8)',
    async ([, refresh]) => {
      expect(await answerOf(refresh)).toMatchObject({ failed: 'misconfigured', cause: expect.any(Error) })
    },
  )

  it('rejects if the result is no token (case C2)', () =>
    expect(answerOf(async () => ({ authToken: '', expiresIn: 300 }))).rejects.toThrow('no token'))

  it('ends the session if the result is of another user (case E5)', async () => {
    const tokens = { authToken: 'at', expiresIn: 5 }
    expect(await answerOf(async () => ({ ...tokens, userId: 'another' }))).toEqual({ refused: 'revoked' })
    expect(await answerOf(async () => ({ ...tokens, userId: refreshRequest.session.userId }))).toHaveProperty(
      'issued',
    )
  })
})

describe('with a manager', () => {
  const create = (
    options: Partial<FunctionTransportOptions>,
    onEvent?: (event: ManagerEvent) => void,
  ): TokenManager<FunctionTransportResult> => {
    const auth = createTokenManager({
      transport: functionTransport({ key: 'k', refresh: () => Promise.reject(new Error()), ...options }),
      storage: memoryStore(),
      environment: tabs.environment(),
      ...(onEvent && { onEvent }),
    })
    onTestFinished(() => auth.dispose())
    return auth
  }
  const result: FunctionTransportResult = { authToken: 'a1', expiresIn: 300, refreshToken: 'r1' }

  it('a refresh that brings the same auth token is sent once, and the token is served', async () => {
    const refresh = vi.fn<Refresh>(() => Promise.resolve(result))
    const auth = create({ refresh })
    await auth.signIn(result)
    await expireToken()
    await expect(auth.getAuthToken()).resolves.toBe('a1')
    await pass(60_000)
    await expect(auth.getAuthToken({ rejected: 'a1' })).resolves.toBe('a1')
    await pass(100)
    expect(refresh).toHaveBeenCalledTimes(2)
  })

  it('keeps a user whom only the refresh names, and a session whose id changes', async () => {
    const auth = create({
      refresh: async () => ({ ...result, authToken: 'a2', userId: 'u1', sessionId: 's2' }),
    })
    await auth.signIn(result)
    const { id, userId } = auth.session()!
    await expireToken()
    const token = auth.getAuthToken()
    await pass()
    await expect(token).resolves.toBe('a2')
    expect(auth.session()).toMatchObject({ id, userId })
  })

  it('a mistake in the app’s own code is in the error, in the state and in the event (case D8)', async () => {
    const mistake = new TypeError('session is not a function')
    const events: ManagerEvent[] = []
    const auth = create({ refresh: () => Promise.reject(mistake) }, (event) => events.push(event))
    await auth.signIn(result)
    await expireToken()
    const failed = expect(auth.getAuthToken()).rejects.toMatchObject({
      code: 'misconfigured',
      cause: mistake,
    })
    await pass()
    await failed
    expect(auth.get()).toMatchObject({ status: 'expired', cause: { code: 'misconfigured', cause: mistake } })
    expect(events).toEqual([
      { type: 'refresh-ended', code: 'misconfigured', reason: undefined, cause: mistake },
    ])
  })

  it('a function that never settles and ignores its signal is unreachable, and the next refresh can succeed', async () => {
    const refresh = vi.fn<Refresh>(() => new Promise(() => {}))
    const auth = create({ refresh })
    await auth.signIn(result)
    await expireToken()
    const failed = expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'unreachable' })
    await pass(60_000)
    await failed
    refresh.mockResolvedValue({ ...result, authToken: 'a2' })
    const token = auth.getAuthToken()
    await pass()
    await expect(token).resolves.toBe('a2')
  })

  it('a revocation that never settles is tried again', async () => {
    const revoke = vi.fn((): Promise<void> => new Promise(() => {}))
    const auth = create({ revoke })
    await auth.signIn(result)
    await auth.signOut()
    await pass(60_000)
    expect(revoke.mock.calls.length).toBeGreaterThan(1)
  })

  it('a session that is signed in twice is not revoked', async () => {
    const revoke = vi.fn(() => Promise.resolve())
    const auth = create({ revoke })
    await auth.signIn(result)
    await auth.signIn(result)
    await pass(100)
    expect(revoke).not.toHaveBeenCalled()
  })
})
