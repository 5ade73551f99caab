import {
  afterNextRender,
  computed,
  DestroyRef,
  inject,
  InjectionToken,
  makeEnvironmentProviders,
  NgZone,
  signal,
  type EnvironmentProviders,
  type Signal,
} from '@angular/core'
import { toObservable } from '@angular/core/rxjs-interop'
import { createAuthFetch, initialState, type AuthState, type TokenManager } from '@tokenkeep/core'
import type { Observable } from 'rxjs'

export interface AuthTokenOptions {
  /** It is not disposed of with the app: who creates a manager owns it. */
  readonly manager: TokenManager
  /** Origins whose requests carry the token, such as `https://api.example.com`. Default: the page's own. */
  readonly origins?: readonly string[]
  /** Where `authTokenGuard` sends who is not signed in. Default: `/sign-in`. */
  readonly signInPath?: string
}

/** What `injectAuthToken()` returns: the state, and functions that stay the same for the app's whole life. */
export interface AuthToken extends Pick<TokenManager, 'getAuthToken' | 'signIn' | 'signOut'> {
  readonly state: Signal<AuthState>
  readonly state$: Observable<AuthState>
  /** `fetch` with the auth token, for the allowed origins. */
  readonly fetch: typeof fetch
  readonly manager: TokenManager
}

export const AUTH_TOKEN_OPTIONS = new InjectionToken<AuthTokenOptions>('AuthTokenOptions')
const AUTH_TOKEN = new InjectionToken<AuthToken>('AuthToken')

/** Gives an app its manager: one of `bootstrapApplication`'s providers. */
export function provideAuthToken(options: AuthTokenOptions): EnvironmentProviders {
  return makeEnvironmentProviders([
    { provide: AUTH_TOKEN_OPTIONS, useValue: options },
    { provide: AUTH_TOKEN, useFactory: createAuthToken },
  ])
}

function createAuthToken(): AuthToken {
  const { manager, origins } = inject(AUTH_TOKEN_OPTIONS)
  const zone = inject(NgZone)
  const destroyed = inject(DestroyRef)
  const state = signal(initialState)
  // Never on a server, which has no storage: what it sends is what the browser takes over before it reads its own.
  afterNextRender(() => {
    destroyed.onDestroy(manager.subscribe((next) => state.set(next)))
    state.set(manager.get())
  })
  return {
    manager,
    state: state.asReadonly(),
    state$: toObservable(state),
    fetch: createAuthFetch(manager, origins && { origins }),
    // A timer that the manager starts must not keep the app unstable for as long as a token lives.
    getAuthToken: (options) => zone.runOutsideAngular(() => manager.getAuthToken(options)),
    signIn: (result) => zone.runOutsideAngular(() => manager.signIn(result)),
    signOut: () => zone.runOutsideAngular(() => manager.signOut()),
  }
}

/** The auth state and what can be done about it. Needs an injection context. */
export function injectAuthToken(): AuthToken
/** A value derived from the auth state: what reads it runs again only when that value changes. */
export function injectAuthToken<T>(selector: (state: AuthState) => T): Signal<T>
export function injectAuthToken<T>(selector?: (state: AuthState) => T): Signal<T> | AuthToken {
  const auth = inject(AUTH_TOKEN, { optional: true })
  if (!auth) throw new Error('injectAuthToken() needs provideAuthToken({ manager }) among the providers')
  return selector ? computed(() => selector(auth.state())) : auth
}
