import { deadline } from './deadline.ts'
import { fromServerError, PasskeyError } from './passkey-error.ts'

/** How long the server may take to respond. Milliseconds. */
const timeout = 15_000

export interface PostOptions {
  readonly signal?: AbortSignal | undefined
  /** The auth token of the user who is signed in. */
  readonly authToken?: string | undefined
  /** Whether the server puts the refresh token into a cookie. */
  readonly cookie?: boolean
}

/**
 * Posts JSON and returns the JSON of the response.
 *
 * @throws PasskeyError if the server does not respond, or if it responds with an error
 */
export async function post<T>(
  url: string,
  body: object,
  { signal, authToken, cookie }: PostOptions = {},
): Promise<T> {
  const limit = deadline(timeout, signal)
  let response: Response
  let answer: unknown
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(authToken !== undefined && { authorization: `Bearer ${authToken}` }),
        ...(cookie && { 'tokenkeep-session': 'cookie' }),
      },
      ...(cookie && { credentials: 'include' }),
      body: JSON.stringify(body),
      redirect: 'error',
      signal: limit.signal,
    })
    answer = await response.json()
  } catch (cause) {
    throw new PasskeyError(signal?.aborted ? 'cancelled' : 'unreachable', { cause })
  } finally {
    limit.clear()
  }
  if (response.ok) return answer as T
  const retryAfter = Number(response.headers.get('retry-after')) || undefined
  throw fromServerError(answer ?? {}, response.status, retryAfter)
}
