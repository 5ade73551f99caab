import { createTokenManager, memoryStore, type AuthState, type TokenManager } from '@tokenkeep/core'
import { describe, expect, test } from 'vitest'
import { createFakeTokenManager, expired, fakeSession, refreshing, signedOut, valid } from './index.ts'

// One table for the fake manager and the real one (case J9): a component must not notice which one it has.

type Start = 'signed in' | 'signed out' | 'refreshing' | 'lapsed, not renewable'

const unrenewable = { ...fakeSession, renewable: false }

const fake = async (start: Start): Promise<TokenManager> =>
  createFakeTokenManager({
    state: {
      'signed in': valid(),
      'signed out': signedOut(),
      refreshing: refreshing(),
      'lapsed, not renewable': expired(undefined, unrenewable),
    }[start],
  })

const real = async (start: Start): Promise<TokenManager> => {
  const isLapsed = start === 'lapsed, not renewable'
  const startsLapsed = isLapsed || start === 'refreshing'
  const tokenResponse = () => ({
    token: 'fake.auth.token',
    lifetime: startsLapsed ? 1 : 3_600_000,
    refreshToken: isLapsed ? undefined : 'rt',
    session: isLapsed ? unrenewable : fakeSession,
  })
  const manager = createTokenManager<unknown>({
    storage: memoryStore(),
    transport: {
      key: 'contract',
      parseTokenResponse: tokenResponse,
      // Never answers.
      refresh: () => new Promise(() => undefined),
      revoke: () => Promise.resolve(undefined),
    },
  })
  if (start !== 'signed out') await manager.signIn('a result')
  await expect
    .poll(() => manager.get().status)
    .toBe(
      {
        'signed in': 'valid',
        'signed out': 'signed-out',
        refreshing: 'expired',
        'lapsed, not renewable': 'expired',
      }[start],
    )
  if (start === 'refreshing') manager.getAuthToken().catch(() => undefined)
  await expect.poll(() => manager.get().status).not.toBe(start === 'refreshing' ? 'expired' : undefined)
  return manager
}

const tick = () => new Promise((resolve) => setTimeout(resolve))
const outcome = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => value ?? 'done',
    ({ code, reason }: { code?: string; reason?: string }) => [code, reason],
  )
const history = (manager: TokenManager): string[] => {
  const heard: string[] = []
  manager.subscribe((state: AuthState) => heard.push(state.status))
  return heard
}

/** What happens, and what components can see of it. */
const table: Record<string, [Start, (manager: TokenManager) => Promise<unknown>, unknown]> = {
  'a listener that signs out': [
    'signed in',
    async (manager) => {
      manager.subscribe((state) => state.status === 'valid' && void manager.signOut())
      const heard = history(manager)
      await manager.signIn('another result')
      await tick()
      return [heard, manager.get()]
    },
    [['valid', 'signed-out'], signedOut('signed-out')],
  ],
  'a listener that throws': [
    'signed in',
    async (manager) => {
      const fault = new Error('a fault of the listener')
      const uncaught: unknown[] = []
      const onUncaught = (error: unknown): void => void uncaught.push(error)
      process.on('uncaughtException', onUncaught)
      manager.subscribe(() => {
        throw fault
      })
      const heard = history(manager)
      const ended = await outcome(manager.signOut())
      await tick()
      process.off('uncaughtException', onUncaught)
      return [ended, heard, uncaught.includes(fault)]
    },
    ['done', ['signed-out'], true],
  ],
  'a listener that unsubscribes the next one': [
    'signed in',
    async (manager) => {
      let stop = (): void => undefined
      manager.subscribe(() => stop())
      const heard: string[] = []
      stop = manager.subscribe(({ status }) => heard.push(status))
      await manager.signOut()
      await tick()
      return heard
    },
    [],
  ],
  'a listener that asks for the token': [
    'signed in',
    async (manager) => {
      const answers: Promise<unknown>[] = []
      manager.subscribe(() => answers.push(outcome(manager.getAuthToken())))
      await manager.signOut()
      await tick()
      return Promise.all(answers)
    },
    [['sign-in-required', 'signed-out']],
  ],
  'a lapsed session that cannot be renewed': [
    'lapsed, not renewable',
    async (manager) => [await outcome(manager.getAuthToken()), manager.session(), manager.get().status],
    [['sign-in-required', 'expired'], unrenewable, 'expired'],
  ],
  'a sign-in that ends the wait of a caller': [
    'signed out',
    async (manager) => {
      const before = await outcome(manager.getAuthToken())
      await manager.signIn('a result')
      return [before, await outcome(manager.getAuthToken())]
    },
    [['sign-in-required', 'none'], 'fake.auth.token'],
  ],
  'a sign-out while a caller waits for a refresh': [
    'refreshing',
    async (manager) => {
      const caller = outcome(manager.getAuthToken())
      await manager.signOut()
      return caller
    },
    ['sign-in-required', 'signed-out'],
  ],
  'a call that is aborted while it waits, and one that is aborted before': [
    'refreshing',
    async (manager) => {
      const { signal, abort } = (() => {
        const controller = new AbortController()
        return { signal: controller.signal, abort: () => controller.abort() }
      })()
      const caller = outcome(manager.getAuthToken({ signal }))
      abort()
      return [await caller, await outcome(manager.getAuthToken({ signal }))]
    },
    [
      ['aborted', undefined],
      ['aborted', undefined],
    ],
  ],
  'a sign-out if nobody is signed in': [
    'signed out',
    async (manager) => {
      const heard = history(manager)
      const before = manager.get()
      const ended = await outcome(manager.signOut())
      await tick()
      return [ended, heard, manager.get() === before]
    },
    ['done', [], true],
  ],
  'everything after dispose': [
    'signed in',
    async (manager) => {
      const heard = history(manager)
      manager.dispose()
      const outcomes = [manager.signIn('a result'), manager.signOut(), manager.getAuthToken()].map(outcome)
      const all = await Promise.all(outcomes)
      await tick()
      return [all, heard, manager.get().status]
    },
    [Array.from({ length: 3 }, () => ['disposed', undefined]), [], 'valid'],
  ],
  'a caller that waits while the manager is disposed': [
    'refreshing',
    async (manager) => {
      const caller = outcome(manager.getAuthToken())
      manager.dispose()
      return caller
    },
    ['disposed', undefined],
  ],
  'a nonsensical minValidSeconds': [
    'signed in',
    async (manager) => outcome(manager.getAuthToken({ minValidSeconds: Number.NaN })),
    [undefined, undefined],
  ],
}

describe.each([
  ['the fake manager', fake],
  ['the real manager', real],
] as const)('%s (case J9)', (_, create) => {
  for (const [name, [start, act, expected]] of Object.entries(table))
    test(name, async () => {
      const manager = await create(start)
      expect(await act(manager)).toEqual(expected)
      manager.dispose()
    })
})
