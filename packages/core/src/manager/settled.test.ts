import { expect, it, vi } from 'vitest'
import { session } from '../../test/records.ts'
import { initialState } from '../machine/machine.ts'
import type { AuthState } from '../machine/state.ts'
import { isSignedIn, settled } from './settled.ts'

it('isSignedIn() is undefined at first, and then true as long as the session has or can get a token', () => {
  expect(isSignedIn(initialState)).toBeUndefined()
  expect(isSignedIn({ status: 'refreshing', session })).toBe(true)
  expect(isSignedIn({ status: 'valid', token: 't', expiresAt: 1, session })).toBe(true)
  expect(isSignedIn({ status: 'expired', session })).toBe(true)
  expect(isSignedIn({ status: 'expired', session: { ...session, renewable: false } })).toBe(false)
  expect(isSignedIn({ status: 'signed-out', reason: 'none' })).toBe(false)
})

it('settled() resolves to the first state after the storage has been read, and ends its subscription', async () => {
  let state: AuthState = initialState
  const listeners = new Set<(state: AuthState) => void>()
  const auth = {
    get: () => state,
    subscribe: (listener: (state: AuthState) => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  const onSettled = vi.fn<(state: AuthState) => void>()
  const waits = settled(auth).then(onSettled)
  await Promise.resolve()
  expect(onSettled).not.toHaveBeenCalled()
  state = { status: 'signed-out', reason: 'none' }
  for (const listener of listeners) listener(state)
  await waits
  expect(onSettled).toHaveBeenCalledWith(state)
  expect(listeners.size).toBe(0)
  expect(await settled(auth)).toBe(state)
})
