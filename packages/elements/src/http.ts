import { createAuthorize, type ProofSender, type TokenSource } from '@tokenkeep/core'
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

export interface PostAsOptions {
  readonly signal?: AbortSignal | undefined
  /** Proves the key of a bound session. Default: the token is sent as a bearer token. */
  readonly proof?: ProofSender | undefined
}

interface Exchange {
  readonly status: number
  readonly answer: unknown
  readonly headers: Headers
}

/** Posts JSON once. @throws PasskeyError if the server does not respond with JSON */
async function exchange(
  url: string,
  body: object,
  headers: Readonly<Record<string, string>>,
  { signal, cookie }: PostOptions,
): Promise<Exchange> {
  const limit = deadline(timeout, signal)
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...headers,
        ...(cookie && { 'tokenkeep-session': 'cookie' }),
      },
      ...(cookie && { credentials: 'include' }),
      body: JSON.stringify(body),
      redirect: 'error',
      signal: limit.signal,
    })
    return { status: response.status, answer: await response.json(), headers: response.headers }
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
  const { authToken } = options
  const headers = authToken === undefined ? {} : { authorization: `Bearer ${authToken}` }
  return read<T>(await exchange(url, body, headers, options))
}

/**
 * Like `post`, in the name of the user of a token manager: with the newest auth token, and with a proof if the session is bound.
 *
 * @throws PasskeyError also if nobody is signed in: `signed-out`
 */
export async function postAs<T>(
  auth: TokenSource,
  url: string,
  body: object,
  { signal, proof }: PostAsOptions = {},
): Promise<T> {
  const authorize = createAuthorize(auth, { origins: [new URL(url).origin], authToken: 'always', proof })
  const exchanged = await authorize({
    url,
    method: 'POST',
    signal,
    send: (authorization, dpop) =>
      exchange(url, body, { ...(authorization && { authorization }), ...(dpop && { dpop }) }, { signal }),
    // A passkey that is not accepted is a 401 too. Another token would not help.
    isUnauthorized: ({ answer }) => (answer as { code?: unknown } | null)?.code === 'invalid_access_token',
    nonceOf: ({ headers }) => headers.get('dpop-nonce'),
  })
  return read<T>(exchanged)
}
