import { isPlatformServer } from '@angular/common'
import { HttpContext, HttpContextToken, type HttpRequest } from '@angular/common/http'
import {
  afterNextRender,
  ApplicationRef,
  computed,
  DestroyRef,
  DOCUMENT,
  inject,
  InjectionToken,
  NgZone,
  PLATFORM_ID,
  signal,
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

export function createBinding(): Binding {
  const options = inject(AUTH_TOKEN_OPTIONS)
  const { manager } = options
  const zone = inject(NgZone)
  const isServer = isPlatformServer(inject(PLATFORM_ID))
  const { firstState = initialState } = manager
  // A server renders the first state.
  const state = signal(isServer ? firstState : manager.get())
  if (!isServer) inject(DestroyRef).onDestroy(manager.subscribe((next) => state.set(next)))
  // Runs outside the zone. Otherwise the manager's timers keep the app unstable until the token expires.
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

/** True until the app's first render, if a server has rendered the page. The server rendered the first state. */
const takesOverServerHtml = (): boolean =>
  !inject(ApplicationRef).components.length && !!inject(DOCUMENT).querySelector('[ng-server-context]')

/** The binding whose token a request carries. An interceptor runs in the root's injector, so it cannot know the area's. */
export const HTTP_BINDING = new HttpContextToken<Binding | undefined>(() => undefined)

/** Copies the context, because an app may use the same one for several requests. */
export function withBinding<Body>(request: HttpRequest<Body>, binding: Binding): HttpRequest<Body> {
  const { context } = request
  const copy = new HttpContext()
  for (const key of context.keys()) copy.set(key, context.get(key))
  return request.clone({ context: copy.set(HTTP_BINDING, binding) })
}
