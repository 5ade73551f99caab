import { createAuthorize, type ProofSender, type TokenSource } from '@tokenkeep/core'
import { deadline } from './deadline.ts'
import { fromServerError, PasskeyError } from './passkey-error.ts'

/** How long the server may take to respond. Milliseconds. */
const timeout = 15_000

export interface PostOptions {
  readonly signal?: AbortSignal | undefined
  /** Whether the server puts the refresh token into a cookie. */
  readonly cookie?: boolean
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/** One request to the server. */
interface Call {
  readonly method: Method
  readonly url: string
  readonly body?: object | undefined
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  /** Proves the key of a bound session. Default: the token is sent as a bearer token. */
  readonly proof?: ProofSender | undefined
}

interface Exchange {
  readonly status: number
  readonly answer: unknown
  readonly headers: Headers
}

/** Sends one request. @throws PasskeyError if the server does not respond with JSON; only a deletion needs none */
async function exchange(
  { method, url, body }: Call,
  headers: Readonly<Record<string, string>>,
  { signal, cookie }: PostOptions,
): Promise<Exchange> {
  const limit = deadline(timeout, signal)
  try {
    const response = await fetch(url, {
      method,
      headers: {
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
        ...(cookie && { 'tokenkeep-session': 'cookie' }),
      },
      ...(cookie && { credentials: 'include' }),
      ...(body && { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: limit.signal,
    })
    const isEmpty = method === 'DELETE' && response.ok
    const answer: unknown = isEmpty ? undefined : await response.json()
    return { status: response.status, answer, headers: response.headers }
  } catch (cause) {
    throw new PasskeyError(signal?.aborted ? 'cancelled' : 'unreachable', { cause })
  } finally {
    limit.clear()
  }
}

/** Returns the JSON of a response. @throws PasskeyError for the response of an error */
function read<T>({ status, answer, headers }: Exchange): T {
  if (status >= 200 && status < 300) return answer as T
  const retryAfter = Number(headers.get('retry-after')) || undefined
  throw fromServerError(answer ?? {}, status, retryAfter)
}

/**
 * Posts JSON and returns the JSON of the response.
 *
 * @throws PasskeyError if the server does not respond, or if it responds with an error
 */
export async function post<T>(url: string, body: object, options: PostOptions = {}): Promise<T> {
  return read<T>(await exchange({ method: 'POST', url, body }, {}, options))
}

/**
 * Sends a request in the name of the user of a token manager: with the newest auth token, and with a proof if the session is bound.
 *
 * @throws PasskeyError if the server does not respond, or if it responds with an error; TokenError if there is no token to send
 */
export async function callAs<T>(
  auth: TokenSource,
  call: Call,
  { signal, proof }: CallOptions = {},
): Promise<T> {
  const { url, method } = call
  const authorize = createAuthorize(auth, { origins: [new URL(url).origin], authToken: 'always', proof })
  const exchanged = await authorize({
    url,
    method,
    signal,
    send: (authorization, dpop) =>
      exchange(call, { ...(authorization && { authorization }), ...(dpop && { dpop }) }, { signal }),
    // A passkey that is not accepted is a 401 too. Another token would not help.
    isUnauthorized: ({ answer }) => (answer as { code?: unknown } | null)?.code === 'invalid_access_token',
    headerOf: ({ headers }, name) => headers.get(name),
  })
  return read<T>(exchanged)
}
