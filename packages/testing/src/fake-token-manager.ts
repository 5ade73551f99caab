import { isSettled, TokenError, type AuthState, type TokenManager } from '@tokenkeep/core'
import { signedOut, valid } from './states.ts'

/** Options of `createFakeTokenManager()`. */
export interface FakeTokenManagerOptions {
  /** The state to start in. Default: `valid()`, so a user is signed in with a token that lasts one hour. */
  readonly state?: AuthState
}

/** A token manager whose state a test sets. */
export interface FakeTokenManager extends TokenManager {
  /**
   * Changes the state. `get()` returns it at once. Listeners are called in microtasks, as by the real manager, so await
   * something before you expect their effects. A state that equals the current one changes nothing.
   */
  set(state: AuthState): void
  /** How many subscriptions there are now. */
  readonly subscriptions: number
}

/**
 * Creates a token manager for tests, without storage, network and timers. A user is signed in until the test sets
 * another state.
 *
 * `getAuthToken()` returns what the real manager returns in each state. But a fake has no server: a refresh that the real
 * manager would start ends at once, without a new token. So the caller gets the current token, even if its lifetime is
 * shorter than `minValidSeconds`. If there is no token, the caller gets the `cause` of the state, or `unreachable`. In
 * `refreshing`, the caller waits until the test sets the next state. `rejected` and `activity` are ignored.
 *
 * `signIn()` ignores its argument and sets `valid()`; `signOut()` sets `signedOut('signed-out')`, unless nobody is signed in.
 *
 * @example
 * ```ts
 * import { createFakeTokenManager, signedOut } from '@tokenkeep/testing'
 *
 * const auth = createFakeTokenManager()
 * console.log(await auth.getAuthToken()) // fake.auth.token
 * auth.set(signedOut('revoked'))
 * ```
 */
export function createFakeTokenManager({ state = valid() }: FakeTokenManagerOptions = {}): FakeTokenManager {
  const listeners = new Set<(state: AuthState) => void>()
  const waiting: (() => void)[] = []
  let current = state
  let isDisposed = false

  const nextChange = (): Promise<void> => new Promise((resolve) => waiting.push(resolve))
  const wakeCallers = (): void => {
    for (const resolve of waiting.splice(0)) resolve()
  }
  const change = (next: AuthState): void => {
    current = next
    wakeCallers()
    // A microtask for each listener, so that one that throws cannot affect the others.
    for (const listener of listeners) queueMicrotask(() => listeners.has(listener) && listener(next))
  }
  const set = (next: AuthState): void => {
    if (!isSameState(next, current)) change(next)
  }
  const assertNotDisposed = (): void => {
    if (isDisposed) throw new TokenError('disposed')
  }

  return {
    get: () => current,
    set,
    get subscriptions() {
      return listeners.size
    },
    subscribe(listener) {
      // A wrapper, so that the same function can be subscribed twice.
      const own = (next: AuthState): void => listener(next)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
    async getAuthToken({ signal, minValidSeconds = 0 } = {}) {
      if (!(minValidSeconds >= 0)) throw new TypeError('minValidSeconds must be 0 or more.')
      const userId = current.session?.userId
      // A signal registers the same listener only once, however many calls share it.
      signal?.addEventListener('abort', wakeCallers)
      // oxlint-disable-next-line no-await-in-loop -- Each state is decided anew.
      for (; ; await nextChange()) {
        assertNotDisposed()
        if (signal?.aborted) throw new TokenError('aborted', { cause: signal.reason })
        const token = serve(current, userId, minValidSeconds * 1000)
        if (token !== undefined) return token
      }
    },
    async signIn() {
      assertNotDisposed()
      // Listeners are called even if the state is the same, because the session is another one.
      change(valid())
    },
    async signOut() {
      assertNotDisposed()
      if (current.status !== 'signed-out') set(signedOut('signed-out'))
    },
    session: () => current.session,
    dispose() {
      isDisposed = true
      listeners.clear()
      wakeCallers()
    },
  }
}

/**
 * Returns the token that a caller gets in a state, or undefined if the caller has to wait. These are the core's rules for
 * a caller whose refresh has ended without a new token. `minValid` is in milliseconds.
 *
 * @throws TokenError if the caller gets no token
 */
function serve(state: AuthState, userId: string | undefined, minValid: number): string | undefined {
  const { status, session, cause, reason } = state
  const token = status === 'valid' && state.expiresAt <= Date.now() ? undefined : state.token
  if (reason) throw new TokenError('sign-in-required', { reason })
  if (!isSettled(state) || !session) return undefined
  if (!token && !session.renewable) throw new TokenError('sign-in-required', { reason: 'expired' })
  if (userId && userId !== session.userId) throw new TokenError('session-changed')
  // The state `refreshing` does not say when its token expires.
  if (status === 'refreshing') return minValid > 0 ? undefined : token
  if (token) return token
  throw cause ?? new TokenError('unreachable')
}

const isSameState = (one: AuthState, other: AuthState): boolean =>
  haveSameFields({ ...one, session: undefined }, { ...other, session: undefined }) &&
  haveSameFields(one.session ?? {}, other.session ?? {})

function haveSameFields(one: object, other: object): boolean {
  const fields = new Map(Object.entries(one))
  return [...Object.keys(other), ...fields.keys()].every((name) =>
    Object.is(fields.get(name), other[name as keyof typeof other]),
  )
}
