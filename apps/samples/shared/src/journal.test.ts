import type { AuthState, TokenManager } from '@tokenkeep/core'
import { expect, it } from 'vitest'
import { createJournal, refreshesIn } from './journal.ts'

const valid = (token: string): AuthState => ({
  status: 'valid',
  token,
  expiresAt: 0,
  session: { id: 'session', userId: 'ada', renewable: true },
})
const signedOut: AuthState = { status: 'signed-out', reason: 'none' }
const refreshing: AuthState = { status: 'refreshing' }

it('records changes only: a server-rendered page begins with the state that its storage then confirms', () => {
  let tell: (state: AuthState) => void = () => {}
  const auth = {
    get: () => valid('token-1'),
    subscribe: (listener: typeof tell) => {
      tell = listener
      return () => {}
    },
  } as unknown as TokenManager
  const journal = createJournal(auth)
  tell(valid('token-1'))
  expect(journal.get()).toEqual([])
  for (const state of [valid('token-2'), signedOut, signedOut, refreshing, valid('token-3')]) tell(state)
  expect(journal.get().map(({ from, to }) => `${from} → ${to}`)).toEqual([
    'refreshing → valid',
    'signed-out → refreshing',
    'valid → signed-out',
    'valid → valid',
  ])
  expect(refreshesIn(journal.get())).toBe(1)
})
