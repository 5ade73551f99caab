import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { expireToken, pass, tabs } from '../../test/each-test.ts'
import { refreshRequest, unusedSend } from '../../test/requests.ts'
import type { TokenManager } from '../manager/api.ts'
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

  it('rejects if the function rejects', () =>
    expect(answerOf(() => Promise.reject(new Error('down')))).rejects.toThrow('down'))
})

describe('with a manager', () => {
  const create = (options: Partial<FunctionTransportOptions>): TokenManager<FunctionTransportResult> => {
    const auth = createTokenManager({
      transport: functionTransport({ key: 'k', refresh: () => Promise.reject(new Error()), ...options }),
      storage: memoryStore(),
      environment: tabs.environment(),
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
