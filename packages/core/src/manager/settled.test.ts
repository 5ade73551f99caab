import { expect, test, vi } from 'vitest'
import { initialState, isSignedIn, settled, type AuthState } from '../index.ts'

const session = { id: 's', userId: 'u', renewable: true }

test('who is signed in is not known at first, and is not the question of a token', () => {
  expect(isSignedIn(initialState)).toBeUndefined()
  expect(isSignedIn({ status: 'refreshing', session })).toBe(true)
  expect(isSignedIn({ status: 'valid', token: 't', expiresAt: 1, session })).toBe(true)
  expect(isSignedIn({ status: 'expired', session })).toBe(true)
  expect(isSignedIn({ status: 'expired', session: { ...session, renewable: false } })).toBe(false)
  expect(isSignedIn({ status: 'signed-out', reason: 'none' })).toBe(false)
})

test('`settled` waits for the first state that tells, and leaves no subscription', async () => {
  let state: AuthState = initialState
  const listeners = new Set<(state: AuthState) => void>()
  const auth = {
    get: () => state,
    subscribe: (listener: (state: AuthState) => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  const told = vi.fn<(state: AuthState) => void>()
  const waits = settled(auth).then(told)
  await Promise.resolve()
  expect(told).not.toHaveBeenCalled()
  state = { status: 'signed-out', reason: 'none' }
  for (const listener of listeners) listener(state)
  await waits
  expect(told).toHaveBeenCalledWith(state)
  expect(listeners.size).toBe(0)
  expect(await settled(auth)).toBe(state)
})
