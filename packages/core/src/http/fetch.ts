import { DEVELOPMENT } from '../development.ts'
import { globalFetch } from '../environment.ts'
import type { Fetch } from '../platform.ts'
import {
  createAuthorize,
  isStream,
  type AuthorizeOptions,
  type AuthTokenMode,
  type TokenSource,
} from './authorize.ts'
import { allowedOrigins, resolve, type Allows } from './origins.ts'

export interface AuthFetchOptions extends AuthorizeOptions {
  /** Default: the global `fetch`. */
  readonly fetch?: Fetch | undefined
}

/** What a request says about its token, in addition to what `fetch` accepts. */
export interface AuthTokenInit {
  /** Default: the option of `createAuthFetch`, which is `if-signed-in`. */
  readonly authToken?: AuthTokenMode | undefined
}

/** A `fetch` that sends the auth token. */
export type AuthFetch = Fetch &
  ((input: Parameters<Fetch>[0], init?: Parameters<Fetch>[1] & AuthTokenInit) => ReturnType<Fetch>)

/**
 * Returns a `fetch` that sends the auth token, to allowed origins only.
 * - After a 401, the request is sent once more with its body: with the newer token if there is one, else after one
 *   refresh that all parallel 401s share. If the token had just arrived, or the body is a stream, the 401 is returned.
 * - The signal of a request ends its wait for a token too. A deadline for the answer alone belongs in the option `fetch`.
 * - If nobody is signed in, a request goes without a token, unless it says `authToken: 'always'`.
 * - A request that has the header already is sent as it is. So is a `no-cors` request, which cannot carry a token.
 *
 * It may become the global `fetch`: `globalThis.fetch = createAuthFetch(auth)`.
 *
 * @throws TypeError if an entry of `origins` is not an origin
 * @throws TokenError (the returned function) if there is no token to send; if it was aborted, the signal's reason
 *
 * @example
 * ```ts
 * import { createAuthFetch, createTokenManager, sessionServer } from '@tokenkeep/core'
 *
 * const transport = sessionServer({ url: 'https://auth.example.com', appId: 'shop' })
 * const authFetch = createAuthFetch(createTokenManager({ transport }), {
 *   origins: ['https://api.example.com'],
 * })
 * const response = await authFetch('https://api.example.com/orders', { authToken: 'always' })
 * ```
 */
export function createAuthFetch(auth: TokenSource, options: AuthFetchOptions = {}): AuthFetch {
  const { header = 'authorization', fetch: given } = options
  const authorize = createAuthorize(auth, options)
  const allows = allowedOrigins(options.origins)
  const { transmit, hasComeBack, before } = outermostFetch(given)

  const authFetch = async (
    input: RequestInfo | URL,
    init?: RequestInit & AuthTokenInit,
  ): Promise<Response> => {
    if (hasComeBack(input)) return before(input, init)
    // The rest may mean something to a `fetch` that is not the platform's, such as that of Next.js.
    const { authToken, body, headers, ...rest } = init ?? {}
    const source = typeof input === 'string' ? (resolve(input) ?? input) : input
    // A body can be read only once, so each request gets a copy.
    const build = (): Request => new Request(isRequest(source) ? source.clone() : source, init)
    const first = build()
    const { url, method, signal } = first
    let response: Response | undefined
    return authorize({
      url,
      method,
      signal,
      authToken: first.headers.has(header) ? 'never' : modeOf(first, authToken ?? options.authToken, allows),
      canReplay: !isStream(body),
      async send(value, proof) {
        const request = response ? build() : first
        if (value) request.headers.set(header, value)
        if (proof) request.headers.set('dpop', proof)
        // Frees the connection of the first answer.
        response?.body?.cancel().catch(() => {})
        const isUntouched = isRequest(input) && !value && !body && !headers
        response = await transmit(isUntouched ? input : request, init && rest)
        return response
      },
      isUnauthorized: ({ status }) => status === 401,
      headerOf: (answer, name) => answer.headers.get(name),
      urlOf: (answer) => answer.url,
    })
  }
  return authFetch as AuthFetch
}

const isRequest = (input: RequestInfo | URL): input is Request =>
  typeof input === 'object' && 'clone' in input

/** A `no-cors` request cannot carry a token: the platform drops the header. */
function modeOf(
  { mode, url }: Request,
  authToken: AuthTokenMode | undefined,
  allows: Allows,
): AuthTokenMode | undefined {
  if (mode !== 'no-cors' || authToken === 'never' || !allows(url)) return authToken
  const message = `A no-cors request cannot carry a token (${url.replace(/[?#].*/, '')}): say mode: 'cors' or authToken: 'never'.`
  if (authToken === 'always') throw new TypeError(message)
  // oxlint-disable-next-line no-console -- Only in development builds.
  if (DEVELOPMENT) console.warn(message)
  return 'never'
}

/**
 * Sends with `given`, else with the global `fetch`, looked up at each call: other code may have replaced it. If what
 * replaced it leads back here, the request goes to the global `fetch` that was there before.
 */
function outermostFetch(given: Fetch | undefined) {
  const before = globalThis.fetch
  const sent = new WeakSet<object>()
  let isSending = false
  return {
    before,
    /** Whether a request is our own. Other code passes a request on as it is, or at once makes a new request from it. */
    hasComeBack: (input: RequestInfo | URL) => isSending || (isRequest(input) && sent.has(input)),
    transmit(request: Request, init: RequestInit | undefined): Promise<Response> {
      if (given) return given(request, init)
      sent.add(request)
      isSending = true
      try {
        return globalFetch(request, init)
      } finally {
        isSending = false
      }
    },
  }
}
