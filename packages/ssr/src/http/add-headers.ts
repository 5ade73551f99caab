/**
 * Returns a response with the headers of a session: its cookies beside others, and its `Cache-Control` instead of another
 * one. The given response stays as it is, because that of a `fetch` or of `Response.redirect()` cannot be changed.
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
  if (headers.keys().next().done) return response
  const added = new Response(response.body, response)
  headers.forEach((value, name) =>
    name === 'set-cookie' ? added.headers.append(name, value) : added.headers.set(name, value),
  )
  return added
}
