import { HttpContext, HttpContextToken, type HttpRequest } from '@angular/common/http'
import type { Binding } from './auth-token.ts'

/** Whose token a request carries. An interceptor cannot tell: it runs in the injector of the root. */
export const HTTP_BINDING = new HttpContextToken<Binding | undefined>(() => undefined)

/** Copies the context, because an app may use the same one for several requests. */
export function withBinding<Body>(request: HttpRequest<Body>, binding: Binding): HttpRequest<Body> {
  const { context } = request
  const copy = new HttpContext()
  for (const key of context.keys()) copy.set(key, context.get(key))
  return request.clone({ context: copy.set(HTTP_BINDING, binding) })
}
