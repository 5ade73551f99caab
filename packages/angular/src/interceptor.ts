import { DOCUMENT, isPlatformServer } from '@angular/common'
import {
  HttpContextToken,
  type HttpErrorResponse,
  type HttpEvent,
  type HttpHandler,
  type HttpInterceptor,
  type HttpInterceptorFn,
  type HttpRequest,
} from '@angular/common/http'
import { inject, Injector, NgZone, PLATFORM_ID, runInInjectionContext } from '@angular/core'
import { createAuthFetch } from '@tokenkeep/core'
import { Observable } from 'rxjs'
import { AUTH_TOKEN_OPTIONS } from './auth-token.ts'

/**
 * If it is true in a request's context, the interceptor sends the request without the token. Default: false.
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
 * a 401, it replays the request once, after one refresh that parallel requests share. If there is no token to send, the
 * request fails with the manager's `TokenError`. A server has no token, so there the interceptor changes no request.
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
  if (request.context.get(WITHOUT_AUTH_TOKEN) || isPlatformServer(inject(PLATFORM_ID))) return next(request)
  const { manager, origins } = inject(AUTH_TOKEN_OPTIONS)
  const zone = inject(NgZone)
  const { baseURI } = inject(DOCUMENT)

  return new Observable((subscriber) => {
    const unsubscribed = new AbortController()
    subscriber.add(() => unsubscribed.abort())
    let unauthorized: HttpErrorResponse
    // HttpClient handles the body and the events. `createAuthFetch` sees only the URL, the token, and whether the answer is
    // a 401.
    const send = ({ headers }: Request): Promise<Response> =>
      new Promise((resolve) => {
        const authorization = headers.get('authorization')
        const sent = zone.run(() =>
          next(authorization ? request.clone({ setHeaders: { authorization } }) : request),
        )
        subscriber.add(
          sent.subscribe({
            next: (event) => subscriber.next(event),
            error: (error: HttpErrorResponse) => {
              if (error.status !== 401) return subscriber.error(error)
              unauthorized = error
              resolve(new Response(null, { status: 401 }))
            },
            complete: () => subscriber.complete(),
          }),
        )
      })
    const auth: Pick<typeof manager, 'getAuthToken'> = {
      getAuthToken: (options) =>
        zone.runOutsideAngular(() => manager.getAuthToken({ ...options, signal: unsubscribed.signal })),
    }
    const authFetch = createAuthFetch(auth, { ...(origins && { origins }), fetch: send as typeof fetch })
    const url = new URL(request.urlWithParams, baseURI)
    // Credentials in a URL are not part of its origin. `fetch` rejects them, but XMLHttpRequest accepts them.
    url.username = url.password = ''
    authFetch(url).then(
      () => subscriber.error(unauthorized),
      (error: unknown) => subscriber.error(error),
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
