import { initialState, type AuthState, type Session, type TokenManager } from '@tokenkeep/core'

const session: Session = { id: 's1', userId: 'u1', renewable: true }

export const valid = (token = 'a.b.c'): AuthState => ({ status: 'valid', token, expiresAt: 1_000, session })
export const refreshing = (token = 'a.b.c'): AuthState => ({ status: 'refreshing', token, session })

/** The observable half of a manager, driven by hand; nothing else of it is reached by the tests. */
export const fakeManager = (first: AuthState = initialState) => {
  const listeners = new Set<(state: AuthState) => void>()
  let state = first
  const partial: Partial<TokenManager> = {
    get: () => state,
    subscribe: (listener) => {
      const own = (next: AuthState) => listener(next)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
    getAuthToken: () => Promise.resolve('a.b.c'),
  }
  return {
    manager: partial as TokenManager,
    subscriptions: () => listeners.size,
    set: (next: AuthState) => {
      state = next
      for (const listener of listeners) listener(next)
    },
  }
}
