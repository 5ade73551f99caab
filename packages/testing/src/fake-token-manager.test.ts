import { TokenError, type AuthState } from '@tokenkeep/core'
import { expect, test } from 'vitest'
// The core does not export `decide`. The fake must give callers what the real manager gives them.
import { decide } from '../../core/src/manager/decide.ts'
import {
  createFakeTokenManager,
  expired,
  fakeSession,
  initial,
  refreshing,
  signedOut,
  valid,
} from './index.ts'

test('is signed in by default, and tells listeners about each state that a test sets', async () => {
  const fake = createFakeTokenManager()
  expect(fake.session()).toBe(fakeSession)
  expect(await fake.getAuthToken()).toBe('fake.auth.token')

  const heard: AuthState[] = []
  const unsubscribe = fake.subscribe((state) => heard.push(state))
  expect(fake.subscriptions).toBe(1)
  fake.set(signedOut('revoked'))
  await Promise.resolve()
  expect(heard).toEqual([fake.get()])
  expect(fake.session()).toBeUndefined()
  unsubscribe()
  expect(fake.subscriptions).toBe(0)
})

test('counts a function that is subscribed twice as two subscriptions', () => {
  const fake = createFakeTokenManager()
  const listener = () => undefined
  fake.subscribe(listener)
  fake.subscribe(listener)()
  expect(fake.subscriptions).toBe(1)
})

test('calls listeners in microtasks and in order, but not a listener that was removed meanwhile', async () => {
  const fake = createFakeTokenManager()
  const heard: string[] = []
  fake.subscribe(({ status }) => {
    heard.push(`first ${status}`)
    removeSecond()
  })
  const removeSecond = fake.subscribe(({ status }) => heard.push(`second ${status}`))
  fake.subscribe(({ status }) => heard.push(`third ${status}`))
  fake.set(refreshing())
  expect(fake.get().status).toBe('refreshing')
  expect(heard).toEqual([])
  await Promise.resolve()
  expect(heard).toEqual(['first refreshing', 'third refreshing'])
})

test('calls the other listeners if one throws', async () => {
  const fake = createFakeTokenManager()
  const heard: string[] = []
  const fault = new Error('a fault of the listener')
  // Node reports the error of a microtask as an uncaught exception.
  const uncaught: unknown[] = []
  const onUncaught = (error: unknown): void => void uncaught.push(error)
  process.on('uncaughtException', onUncaught)
  fake.subscribe(() => {
    throw fault
  })
  fake.subscribe(({ status }) => heard.push(status))
  fake.set(refreshing())
  await new Promise((resolve) => setTimeout(resolve))
  process.off('uncaughtException', onUncaught)
  expect(heard).toEqual(['refreshing'])
  expect(uncaught).toEqual([fault])
})

test('ignores a state that equals the current one', async () => {
  const fake = createFakeTokenManager({ state: refreshing() })
  const before = fake.get()
  let calls = 0
  fake.subscribe(() => (calls += 1))
  fake.set(refreshing(undefined, { ...fakeSession }))
  await Promise.resolve()
  expect(fake.get()).toBe(before)
  expect(calls).toBe(0)
  fake.set(refreshing(undefined, { ...fakeSession, userId: 'user-2' }))
  fake.set(refreshing('a.token', { ...fakeSession, userId: 'user-2' }))
  await Promise.resolve()
  expect(calls).toBe(2)
})

test('gives callers the token or the error of the state', async () => {
  const fake = createFakeTokenManager({ state: signedOut('inactive') })
  await expect(fake.getAuthToken()).rejects.toMatchObject({ code: 'sign-in-required', reason: 'inactive' })

  const cause = new TokenError('throttled', { retryAt: 5 })
  fake.set(expired(cause))
  expect(fake.get()).toMatchObject({ retryAt: 5 })
  await expect(fake.getAuthToken()).rejects.toBe(cause)
  fake.set(expired())
  await expect(fake.getAuthToken()).rejects.toMatchObject({ code: 'unreachable' })

  fake.set(refreshing('the.old.one'))
  expect(await fake.getAuthToken()).toBe('the.old.one')
  await expect(fake.getAuthToken({ minValidSeconds: -1 })).rejects.toThrow(TypeError)
})

const unrenewable = { ...fakeSession, renewable: false }
const otherUser = { ...fakeSession, userId: 'user-2' }
const states: Record<string, AuthState> = {
  valid: valid(),
  'valid, for another user': valid('another.token', otherUser),
  'valid, not renewable': valid('a.token', unrenewable),
  refreshing: refreshing(),
  'refreshing, with a token': refreshing('a.token'),
  expired: expired(),
  'expired, with a cause': expired(new TokenError('throttled')),
  'expired, not renewable': expired(undefined, unrenewable),
  'signed out': signedOut('reused'),
}
for (const [name, state] of Object.entries(states))
  for (const minValidSeconds of [0, 60, 7_200])
    test(`decides as the core does: ${name}, minValidSeconds ${minValidSeconds}`, async () => {
      const remaining = state.status === 'valid' ? 3_600_000 : 0
      // What a caller of the real manager gets after a refresh that brought no new token.
      const expected = (async () => decide(state, 'user-1', minValidSeconds * 1000, remaining, true, false))()
      const fake = createFakeTokenManager({ state: refreshing() })
      const caller = fake.getAuthToken({ minValidSeconds })
      fake.set(state)
      const outcome = (promise: Promise<unknown>): Promise<unknown> =>
        promise.catch(({ code, reason }: TokenError) => ({ code, reason }))
      const decision = await outcome(expected)
      if (decision === undefined) {
        // The core waits, and so does the fake.
        fake.dispose()
        expect(await outcome(caller)).toEqual({ code: 'disposed' })
      } else if (typeof decision === 'object' && 'type' in decision!)
        // The core starts a refresh. A fake has no server.
        expect(await outcome(caller)).toEqual({ code: 'unreachable' })
      else expect(await outcome(caller)).toEqual(decision)
    })

test('lets a caller wait in the first state, and while a refresh without a usable token is under way', async () => {
  const fake = createFakeTokenManager({ state: initial })
  const first = fake.getAuthToken()
  fake.set(refreshing())
  fake.set(valid('a.new.one'))
  expect(await first).toBe('a.new.one')

  fake.set(refreshing())
  const controller = new AbortController()
  const aborted = fake.getAuthToken({ signal: controller.signal })
  controller.abort()
  await expect(aborted).rejects.toMatchObject({ code: 'aborted' })

  const second = fake.getAuthToken()
  fake.dispose()
  await expect(second).rejects.toMatchObject({ code: 'disposed' })
  await expect(fake.signIn('a result')).rejects.toMatchObject({ code: 'disposed' })
  await expect(fake.signOut()).rejects.toMatchObject({ code: 'disposed' })
})

test('signIn and signOut change the state', async () => {
  const fake = createFakeTokenManager({ state: signedOut() })
  let calls = 0
  fake.subscribe(() => (calls += 1))
  await fake.signIn('any result')
  expect(fake.get().status).toBe('valid')
  await fake.signIn('another result')
  await fake.signOut()
  expect(fake.get()).toEqual({ status: 'signed-out', reason: 'signed-out' })
  await Promise.resolve()
  expect(calls).toBe(3)
})

test('serves no token whose time is over (case J9)', async () => {
  const lapsed = (renewable: boolean) => ({
    ...valid('a.token', { ...fakeSession, renewable }),
    expiresAt: Date.now() - 1,
  })
  const fake = createFakeTokenManager({ state: lapsed(false) })
  await expect(fake.getAuthToken()).rejects.toMatchObject({ code: 'sign-in-required', reason: 'expired' })
  fake.set(lapsed(true))
  await expect(fake.getAuthToken()).rejects.toMatchObject({ code: 'unreachable' })
})
