import {
  HttpBackend,
  HttpContextToken,
  HttpErrorResponse,
  type HttpEvent,
  type HttpHandler,
  type HttpInterceptor,
  type HttpInterceptorFn,
  type HttpRequest,
} from '@angular/common/http'
import { inject, Injector, runInInjectionContext } from '@angular/core'
import { createAuthorize, type AuthTokenMode } from '@tokenkeep/core'
import { Observable } from 'rxjs'
import { BINDING, HTTP_BINDING, withBinding, type Binding } from './binding.ts'

/**
 * Says in a request's context whether the request carries the token. Default: the option `authToken` of
 * `provideAuthToken`, which is `if-signed-in`.
 *
 * @example
 * ```ts
 * import { HttpContext } from '@angular/common/http'
 * import { AUTH_TOKEN_MODE } from '@tokenkeep/angular'
 *
 * export const options = { context: new HttpContext().set(AUTH_TOKEN_MODE, 'always') }
 * ```
 */
export const AUTH_TOKEN_MODE = new HttpContextToken<AuthTokenMode | undefined>(() => undefined)

/**
 * Short for `AUTH_TOKEN_MODE` with `never`: if it is true in a request's context, the request is sent without the token.
 * Default: false.
 *
 * @example
 * ```ts
 * import { HttpContext } from '@angular/common/http'
 * import { WITHOUT_AUTH_TOKEN } from '@tokenkeep/angular'
 *
 * export const options = { context: new HttpContext().set(WITHOUT_AUTH_TOKEN, true) }
 * ```
 */
export const WITHOUT_AUTH_TOKEN = new HttpContextToken(() => false)

/**
 * An HTTP interceptor that follows the rules of `createAuthFetch`. It sends the auth token to allowed origins only. After
 * a 401, it sends the request once more, after one refresh that parallel requests share. If there is no token to send,
 * the request fails with an `HttpErrorResponse` whose `error` is the manager's `TokenError`.
 *
 * Its place among the interceptors does not matter: it works below all of them, where the request leaves. So they see each
 * call once and no token, and a base URL that one of them sets decides whether the token is sent.
 *
 * On a server nobody is signed in: a request goes without a token, or fails if it needs one.
 *
 * @example
 * ```ts
 * import { provideHttpClient, withInterceptors } from '@angular/common/http'
 * import { authTokenInterceptor } from '@tokenkeep/angular'
 *
 * export const http = provideHttpClient(withInterceptors([authTokenInterceptor]))
 * ```
 */
export const authTokenInterceptor: HttpInterceptorFn = (request, next) => {
  const nearest = request.context.get(HTTP_BINDING)
  prepare(inject(HttpBackend))
  return next(nearest ? request : withBinding(request, inject(BINDING)))
}

const prepared = new WeakSet<HttpBackend>()

/** Lets the backend send requests with the token, once they have passed all interceptors. */
function prepare(backend: HttpBackend): void {
  if (prepared.has(backend)) return
  prepared.add(backend)
  const send = backend.handle.bind(backend)
  backend.handle = (request) => {
    const binding = request.context.get(HTTP_BINDING)
    return binding ? sendAuthorized(binding, request, send) : send(request)
  }
}

function sendAuthorized(
  { options, auth, isServer, zone }: Binding,
  request: HttpRequest<unknown>,
  send: HttpBackend['handle'],
): Observable<HttpEvent<unknown>> {
  const { header = 'Authorization' } = options
  const { context, headers, urlWithParams: url } = request
  const authToken =
    context.get(WITHOUT_AUTH_TOKEN) || headers.has(header)
      ? 'never'
      : (context.get(AUTH_TOKEN_MODE) ?? options.authToken)
  if (isServer && authToken !== 'always') return send(request)

  return new Observable((subscriber) => {
    const unsubscribed = new AbortController()
    subscriber.add(() => unsubscribed.abort())
    const source = { get: auth.manager.get, getAuthToken: auth.getAuthToken }
    const authorize = createAuthorize(source, options)
    authorize<HttpErrorResponse>({
      url,
      method: request.method,
      authToken,
      signal: unsubscribed.signal,
      // Settles only after a 401. `HttpClient` gets everything else as it comes.
      send: (value, proof) =>
        new Promise((resolve) => {
          const setHeaders = { ...(value && { [header]: value }), ...(proof && { DPoP: proof }) }
          const sent = value ? request.clone({ setHeaders }) : request
          subscriber.add(
            zone
              .run(() => send(sent))
              .subscribe({
                next: (event) => subscriber.next(event),
                error: (error: HttpErrorResponse) =>
                  error.status === 401 ? resolve(error) : subscriber.error(error),
                complete: () => subscriber.complete(),
              }),
          )
        }),
      isUnauthorized: () => true,
      headerOf: (answer, name) => answer.headers.get(name),
      urlOf: (answer) => answer.url,
    }).then(
      (unauthorized) => subscriber.error(unauthorized),
      (error: unknown) => subscriber.error(new HttpErrorResponse({ error, url })),
    )
  })
}

/**
 * `authTokenInterceptor` as a class, for `HTTP_INTERCEPTORS` and `withInterceptorsFromDi()`.
 *
 * @example
 * ```ts
 * import { HTTP_INTERCEPTORS } from '@angular/common/http'
 * import { AuthTokenInterceptor } from '@tokenkeep/angular'
 *
 * export const provider = { provide: HTTP_INTERCEPTORS, useClass: AuthTokenInterceptor, multi: true }
 * ```
 */
export class AuthTokenInterceptor implements HttpInterceptor {
  readonly #injector = inject(Injector)

  intercept(request: HttpRequest<unknown>, next: HttpHandler): Observable<HttpEvent<unknown>> {
    return runInInjectionContext(this.#injector, () =>
      authTokenInterceptor(request, (changed) => next.handle(changed)),
    )
  }
}
