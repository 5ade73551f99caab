import { HttpContext, HttpContextToken, type HttpRequest } from '@angular/common/http'
import type { AuthTokenOptions } from './auth-token.ts'

/** The options of the nearest `provideAuthToken()`. An interceptor runs in the injector of the root. */
export const NEAREST = new HttpContextToken<AuthTokenOptions | undefined>(() => undefined)

/** Copies the context: an app may use the same one for several requests. */
export function withContext<Body, Value>(
  request: HttpRequest<Body>,
  token: HttpContextToken<Value>,
  value: Value,
): HttpRequest<Body> {
  const { context } = request
  const copy = new HttpContext()
  for (const key of context.keys()) copy.set(key, context.get(key))
  return request.clone({ context: copy.set(token, value) })
}
