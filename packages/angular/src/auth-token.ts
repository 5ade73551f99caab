import { isPlatformServer } from '@angular/common'
import { HttpClient, HttpHandler } from '@angular/common/http'
import {
  afterNextRender,
  ApplicationRef,
  computed,
  DestroyRef,
  DOCUMENT,
  ElementRef,
  inject,
  InjectionToken,
  makeEnvironmentProviders,
  NgZone,
  PLATFORM_ID,
  signal,
  type EnvironmentProviders,
  type Signal,
} from '@angular/core'
import { toObservable } from '@angular/core/rxjs-interop'
import {
  createAuthFetch,
  initialState,
  type AuthFetch,
  type AuthorizeOptions,
  type AuthState,
  type TokenManager,
} from '@tokenkeep/core'
import type { Observable } from 'rxjs'
import { withBinding } from './context.ts'

/** Options of `provideAuthToken()`. */
export interface AuthTokenOptions extends AuthorizeOptions {
  /** The code that creates the manager also disposes it: the app does not. */
  readonly manager: TokenManager
  /** The path, with or without a query, to which `authTokenGuard` sends users who are not signed in. Default: `/sign-in`. */
  readonly signInPath?: string
}

/** What `injectAuthToken()` returns: the state, and functions that stay the same as long as the app lives. */
export interface AuthToken extends Pick<TokenManager, 'getAuthToken' | 'signIn' | 'signOut'> {
  readonly state: Signal<AuthState>
  readonly state$: Observable<AuthState>
  /** `fetch` that sends the token to the allowed origins; see `createAuthFetch`. */
  readonly fetch: AuthFetch
  readonly manager: TokenManager
}

/** What one `provideAuthToken()` provides. */
export interface Binding {
  readonly options: AuthTokenOptions
  readonly auth: AuthToken
  /** The state that components render. */
  readonly rendered: Signal<AuthState>
  readonly isServer: boolean
  readonly zone: NgZone
}

export const AUTH_TOKEN_OPTIONS = new InjectionToken<AuthTokenOptions>('AuthTokenOptions')
export const BINDING = new InjectionToken<Binding>('AuthToken')

/**
 * Provides a token manager to an app. Pass the result to `bootstrapApplication`'s providers. In the providers of a route, it
 * gives that area a manager of its own, also for the `HttpClient` that the area injects.
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
    { provide: BINDING, useFactory: createBinding },
    // Its requests carry the token of the nearest manager.
    {
      provide: HttpClient,
      useFactory: () => {
        const handler = inject(HttpHandler)
        const binding = inject(BINDING)
        return new HttpClient({ handle: (request) => handler.handle(withBinding(request, binding)) })
      },
    },
  ])
}

function createBinding(): Binding {
  const options = inject(AUTH_TOKEN_OPTIONS)
  const { manager } = options
  const zone = inject(NgZone)
  const isServer = isPlatformServer(inject(PLATFORM_ID))
  const { firstState = initialState } = manager
  // A server renders the first state.
  const state = signal(isServer ? firstState : manager.get())
  if (!isServer) inject(DestroyRef).onDestroy(manager.subscribe((next) => state.set(next)))
  // Outside the zone: otherwise the manager's timers keep the app unstable until the token expires.
  const outside =
    <Args extends unknown[], T>(work: (...args: Args) => T) =>
    (...args: Args): T =>
      zone.runOutsideAngular(() => work(...args))
  const getAuthToken = outside(manager.getAuthToken)
  const auth: AuthToken = {
    manager,
    state: state.asReadonly(),
    state$: toObservable(state),
    fetch: createAuthFetch({ get: manager.get, getAuthToken }, options),
    getAuthToken,
    signIn: outside(manager.signIn),
    signOut: outside(manager.signOut),
  }
  const isRendered = signal(!takesOverServerHtml())
  afterNextRender(() => isRendered.set(true))
  const rendered = computed(() => (isRendered() ? state() : firstState))
  return { options, auth, rendered, isServer, zone }
}

/** Whether the app's first render is yet to come, over the HTML of a server, which rendered the first state. */
const takesOverServerHtml = (): boolean =>
  !inject(ApplicationRef).components.length && !!inject(DOCUMENT).querySelector('[ng-server-context]')

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
  const binding = inject(BINDING, { optional: true })
  if (!binding)
    throw new Error(
      'injectAuthToken() found no token manager: add provideAuthToken({ manager }) to the providers.',
    )
  const { auth, rendered } = binding
  // Guards, services and handlers decide by the real state. Only components have an element.
  const state = inject(ElementRef, { optional: true }) ? rendered : auth.state
  return selector ? computed(() => selector(state())) : { ...auth, state }
}
