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

/** Options of `provideAuthToken()`. */
export interface AuthTokenOptions {
  /** The code that creates the manager also disposes it: the app does not. */
  readonly manager: TokenManager
  /** Origins that receive the token, such as `https://api.example.com`. Default: the page's own origin. */
  readonly origins?: readonly string[]
  /** The path to which `authTokenGuard` sends users who are not signed in. Default: `/sign-in`. */
  readonly signInPath?: string
}

/** What `injectAuthToken()` returns: the state, and functions that stay the same as long as the app lives. */
export interface AuthToken extends Pick<TokenManager, 'getAuthToken' | 'signIn' | 'signOut'> {
  readonly state: Signal<AuthState>
  readonly state$: Observable<AuthState>
  /** `fetch` that sends the token to the allowed origins; see `createAuthFetch`. */
  readonly fetch: typeof fetch
  readonly manager: TokenManager
}

export const AUTH_TOKEN_OPTIONS = new InjectionToken<AuthTokenOptions>('AuthTokenOptions')
const AUTH_TOKEN = new InjectionToken<AuthToken>('AuthToken')

/**
 * Provides a token manager to an app. Pass the result to `bootstrapApplication`'s providers.
 *
 * @throws TypeError if an entry of `origins` is not an origin; thrown when the manager is first injected
 *
 * @example
 * ```ts
 * import type { ApplicationConfig } from '@angular/core'
 * import { createTokenManager, provideAuthToken, sessionServer } from '@tokenkeep/angular'
 *
 * const manager = createTokenManager({
 *   transport: sessionServer({ url: 'https://auth.example.com', appId: 'shop' }),
 * })
 * export const appConfig: ApplicationConfig = { providers: [provideAuthToken({ manager })] }
 * ```
 */
export function provideAuthToken(options: AuthTokenOptions): EnvironmentProviders {
  return makeEnvironmentProviders([
    { provide: AUTH_TOKEN_OPTIONS, useValue: options },
    { provide: AUTH_TOKEN, useFactory: createAuthToken },
  ])
}

function createAuthToken(): AuthToken {
  const { manager, origins } = inject(AUTH_TOKEN_OPTIONS)
  const zone = inject(NgZone)
  const destroyRef = inject(DestroyRef)
  const state = signal(manager.firstState ?? initialState)
  // Does not run on a server. A server renders the first state, and so does the browser's first
  // render: hydration matches.
  afterNextRender(() => {
    destroyRef.onDestroy(manager.subscribe((next) => state.set(next)))
    state.set(manager.get())
  })
  return {
    manager,
    state: state.asReadonly(),
    state$: toObservable(state),
    fetch: createAuthFetch(manager, origins && { origins }),
    // Outside the zone: otherwise the manager's timers keep the app unstable until the token expires.
    getAuthToken: (options) => zone.runOutsideAngular(() => manager.getAuthToken(options)),
    signIn: (result) => zone.runOutsideAngular(() => manager.signIn(result)),
    signOut: () => zone.runOutsideAngular(() => manager.signOut()),
  }
}

/**
 * Injects the auth state, as a signal and as an observable, and the manager's functions. Call it in an injection
 * context.
 *
 * @throws Error if no injector provides a manager
 * @throws TypeError if an entry of `origins` is not an origin
 *
 * @example
 * ```ts
 * import { Component } from '@angular/core'
 * import { injectAuthToken } from '@tokenkeep/angular'
 *
 * @Component({ selector: 'app-sign-out', template: '<button (click)="auth.signOut()">Sign out</button>' })
 * export class SignOut {
 *   readonly auth = injectAuthToken()
 * }
 * ```
 */
export function injectAuthToken(): AuthToken
/**
 * Injects what `selector` reads from the auth state, as a signal. Its consumers run again only if that value changes
 * (`Object.is`). Call it in an injection context.
 *
 * @throws Error if no injector provides a manager
 * @throws TypeError if an entry of `origins` is not an origin
 *
 * @example
 * ```ts
 * import { Component } from '@angular/core'
 * import { injectAuthToken, isSignedIn } from '@tokenkeep/angular'
 *
 * @Component({ selector: 'app-greeting', template: '@if (signedIn()) { Welcome back }' })
 * export class Greeting {
 *   readonly signedIn = injectAuthToken(isSignedIn)
 * }
 * ```
 */
export function injectAuthToken<T>(selector: (state: AuthState) => T): Signal<T>
export function injectAuthToken<T>(selector?: (state: AuthState) => T): Signal<T> | AuthToken {
  const auth = inject(AUTH_TOKEN, { optional: true })
  if (!auth)
    throw new Error(
      'injectAuthToken() found no token manager: add provideAuthToken({ manager }) to the providers.',
    )
  return selector ? computed(() => selector(auth.state())) : auth
}
