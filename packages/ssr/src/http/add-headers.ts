/**
 * Adds the headers of a session to a response: its cookies beside others, and its `Cache-Control` instead of another one.
 *
 * @example
 * ```ts
 * import { addHeaders, type ServerSession } from '@tokenkeep/ssr'
 *
 * export const finish = async (response: Response, session: ServerSession) =>
 *   addHeaders(response, await session.headers())
 * ```
 */
export function addHeaders(response: Response, headers: Headers): Response {
  headers.forEach((value, name) =>
    name === 'set-cookie' ? response.headers.append(name, value) : response.headers.set(name, value),
  )
  return response
}
