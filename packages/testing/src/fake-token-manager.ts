import { TokenError, type AuthState, type TokenManager } from '@tokenkeep/core'
import { signedOut, valid } from './states.ts'

export interface FakeTokenManagerOptions {
  /** Default: signed in, with a valid token. */
  readonly state?: AuthState
}

export interface FakeTokenManager extends TokenManager {
  /** Puts the manager into a state and tells its subscribers. */
  set(state: AuthState): void
  /** How many subscribe now. */
  readonly subscriptions: number
}

/**
 * A token manager without storage, network or timers: its state is what a test sets. Callers of `getAuthToken()` get
 * what the state promises: the token, a wait for the next state, or the error that belongs to it.
 */
export function createFakeTokenManager({ state = valid() }: FakeTokenManagerOptions = {}): FakeTokenManager {
  const listeners = new Set<(state: AuthState) => void>()
  const waiting = new Set<() => void>()
  let now = state
  let disposed = false

  const set = (next: AuthState): void => {
    now = next
    for (const listener of listeners) listener(next)
    for (const wake of waiting) wake()
  }
  const change = (signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        waiting.delete(wake)
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      waiting.add(wake)
      signal?.addEventListener('abort', wake)
    })

  return {
    get: () => now,
    set,
    get subscriptions() {
      return listeners.size
    },
    subscribe(listener) {
      const own = (next: AuthState): void => listener(next)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
    async getAuthToken({ signal } = {}) {
      for (;;) {
        if (disposed) throw new TokenError('disposed')
        if (signal?.aborted) throw new TokenError('aborted', { cause: signal.reason })
        if (now.status === 'signed-out') throw new TokenError('sign-in-required', { reason: now.reason })
        if (now.status === 'expired') throw now.cause ?? new TokenError('unreachable')
        if (now.token !== undefined) return now.token
        // oxlint-disable-next-line no-await-in-loop -- Each state has its own answer.
        await change(signal)
      }
    },
    async signIn() {
      set(valid())
    },
    async signOut() {
      set(signedOut('signed-out'))
    },
    session: () => (now.status === 'signed-out' ? undefined : now.session),
    dispose() {
      disposed = true
      listeners.clear()
      for (const wake of waiting) wake()
    },
  }
}
