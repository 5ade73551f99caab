import { HttpClient, HttpHandler } from '@angular/common/http'
import {
  computed,
  ElementRef,
  inject,
  makeEnvironmentProviders,
  type EnvironmentProviders,
  type Signal,
} from '@angular/core'
import type { AuthState } from '@tokenkeep/core'
import {
  AUTH_TOKEN_OPTIONS,
  BINDING,
  createBinding,
  withBinding,
  type AuthToken,
  type AuthTokenOptions,
} from './binding.ts'

/**
 * Provides a token manager to an app. Pass the result to `bootstrapApplication`'s providers. In the providers of a route, it
 * gives that area a manager of its own, also for the `HttpClient` that the area injects. If you pass a function, it
 * runs in an injection context, once per app: on a server, each request has an app of its own.
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
export function provideAuthToken(options: AuthTokenOptions | (() => AuthTokenOptions)): EnvironmentProviders {
  return makeEnvironmentProviders([
    { provide: AUTH_TOKEN_OPTIONS, useFactory: typeof options === 'function' ? options : () => options },
    { provide: BINDING, useFactory: createBinding },
    // The requests of this `HttpClient` carry the token of the nearest manager.
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
  // Guards, services and handlers have no element, and read the real state.
  const state = inject(ElementRef, { optional: true }) ? rendered : auth.state
  return selector ? computed(() => selector(state())) : { ...auth, state }
}
