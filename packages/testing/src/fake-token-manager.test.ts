import { TokenError, type AuthState } from '@tokenkeep/core'
import { expect, test } from 'vitest'
import {
  createFakeTokenManager,
  expired,
  fakeSession,
  firstRead,
  refreshing,
  signedOut,
  valid,
} from './index.ts'

test('it is signed in where nothing else is said, and tells subscribers what a test sets', async () => {
  const fake = createFakeTokenManager()
  expect(fake.session()).toBe(fakeSession)
  expect(await fake.getAuthToken()).toBe('fake.auth.token')

  const heard: AuthState[] = []
  const stop = fake.subscribe((state) => heard.push(state))
  expect(fake.subscriptions).toBe(1)
  fake.set(signedOut('revoked'))
  expect(heard).toEqual([fake.get()])
  expect(fake.session()).toBeUndefined()
  stop()
  expect(fake.subscriptions).toBe(0)
})

test('one function subscribed twice is two subscriptions', () => {
  const fake = createFakeTokenManager()
  const listener = () => undefined
  fake.subscribe(listener)
  fake.subscribe(listener)()
  expect(fake.subscriptions).toBe(1)
})

test('callers get what the state promises', async () => {
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
})

test('a caller waits while nothing is known, or a refresh without a usable token is under way', async () => {
  const fake = createFakeTokenManager({ state: firstRead })
  const waits = fake.getAuthToken()
  fake.set(refreshing())
  fake.set(valid('a.new.one'))
  expect(await waits).toBe('a.new.one')

  fake.set(refreshing())
  const controller = new AbortController()
  const gaveUp = fake.getAuthToken({ signal: controller.signal })
  controller.abort()
  await expect(gaveUp).rejects.toMatchObject({ code: 'aborted' })

  const cutOff = fake.getAuthToken()
  fake.dispose()
  await expect(cutOff).rejects.toMatchObject({ code: 'disposed' })
})

test('signing in and out are changes like any other', async () => {
  const fake = createFakeTokenManager({ state: signedOut() })
  await fake.signIn('whatever a sign-in returns')
  expect(fake.get().status).toBe('valid')
  await fake.signOut()
  expect(fake.get()).toEqual({ status: 'signed-out', reason: 'signed-out' })
})
