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

/** Set to true in a request's context, it sends the request as it is. */
export const WITHOUT_AUTH_TOKEN = new HttpContextToken(() => false)

/**
 * Sends the auth token along, for `withInterceptors([authTokenInterceptor])`. The rules are `createAuthFetch`'s:
 * allowed origins only; a 401 is replayed once, after one refresh that parallel ones share. On a server there is no
 * token, and requests go as they are.
 */
export const authTokenInterceptor: HttpInterceptorFn = (request, next) => {
  if (request.context.get(WITHOUT_AUTH_TOKEN) || isPlatformServer(inject(PLATFORM_ID))) return next(request)
  const { manager, origins } = inject(AUTH_TOKEN_OPTIONS)
  const zone = inject(NgZone)
  const page = inject(DOCUMENT).baseURI

  return new Observable((subscriber) => {
    const left = new AbortController()
    subscriber.add(() => left.abort())
    let refusal: HttpErrorResponse
    // Body and events stay with HttpClient: the rules see an address, a token, and whether the answer was 401.
    const send = ({ headers }: Request): Promise<Response> =>
      new Promise((answer) => {
        const authorization = headers.get('authorization')
        const sent = zone.run(() =>
          next(authorization ? request.clone({ setHeaders: { authorization } }) : request),
        )
        subscriber.add(
          sent.subscribe({
            next: (event) => subscriber.next(event),
            error: (error: HttpErrorResponse) => {
              if (error.status !== 401) return subscriber.error(error)
              refusal = error
              answer(new Response(null, { status: 401 }))
            },
            complete: () => subscriber.complete(),
          }),
        )
      })
    const auth: Pick<typeof manager, 'getAuthToken'> = {
      getAuthToken: (options) =>
        zone.runOutsideAngular(() => manager.getAuthToken({ ...options, signal: left.signal })),
    }
    const authFetch = createAuthFetch(auth, { ...(origins && { origins }), fetch: send as typeof fetch })
    const address = new URL(request.urlWithParams, page)
    // `fetch` refuses them, XMLHttpRequest does not; they are no part of an origin.
    address.username = address.password = ''
    authFetch(address).then(
      () => subscriber.error(refusal),
      (error: unknown) => subscriber.error(error),
    )
  })
}

/** The same for `withInterceptorsFromDi`: `{ provide: HTTP_INTERCEPTORS, useClass: AuthTokenInterceptor, multi: true }`. */
export class AuthTokenInterceptor implements HttpInterceptor {
  readonly #injector = inject(Injector)

  intercept(request: HttpRequest<unknown>, next: HttpHandler): Observable<HttpEvent<unknown>> {
    return runInInjectionContext(this.#injector, () =>
      authTokenInterceptor(request, (changed) => next.handle(changed)),
    )
  }
}
