import { DEVELOPMENT } from '../development.ts'
import { browserEnvironment } from '../environment.ts'
import { isTokenError } from '../errors.ts'
import type { TokenManager } from '../manager/api.ts'
import type { Signal } from '../platform.ts'
import { isWithoutToken } from '../without-token.ts'
import { allowedOrigins } from './origins.ts'

/**
 * Whether a request carries the token.
 * - `if-signed-in`: the request waits until the storage has been read. It carries the token if somebody is signed in,
 *   and is sent without a token if nobody is. If a session cannot get a token, the request fails.
 * - `always`: the request fails if nobody is signed in.
 * - `never`: the request is sent at once, without a token.
 */
export type AuthTokenMode = 'always' | 'if-signed-in' | 'never'

/** What the HTTP part needs of a token manager. Without `get`, only `getAuthToken` tells whether somebody is signed in. */
export type TokenSource = Pick<TokenManager, 'getAuthToken'> & Partial<Pick<TokenManager, 'get'>>

/** Options of everything that sends the token. */
export interface AuthorizeOptions {
  /** Origins that receive the token, such as `https://api.example.com`. Default: the page's own origin. */
  readonly origins?: readonly string[] | undefined
  /** The header that carries the token. Default: `Authorization` (RFC 6750 section 2.1). */
  readonly header?: string | undefined
  /** What stands before the token, such as `JWT`. Default: `Bearer`; nothing if `header` is set. */
  readonly scheme?: string | undefined
  /** The mode of requests that name none. Default: `if-signed-in`. */
  readonly authToken?: AuthTokenMode | undefined
  /** Pass `sendProof` if the manager's transport is `withProof(…)`. Default: every token is sent as a bearer token. */
  readonly proof?: ProofSender | undefined
  /** Pass `createStepUp(…)` if an API asks for a more recent or a stronger authentication (RFC 9470). Default: the answer is the 401. */
  readonly stepUp?: StepUp | undefined
}

/** Sends one try of a request, with a proof if the session is bound. `value`: the header without one. */
export type ProofSender = <Answer>(
  auth: TokenSource,
  request: AuthRequest<Answer>,
  token: string,
  value: string,
) => Promise<Answer>

/**
 * Sends a request, and once more after the user has authenticated again, if the API asks for that (RFC 9470). `send` sends it by the rules of
 * `createAuthFetch`.
 */
export type StepUp = <Answer>(
  auth: TokenSource,
  request: AuthRequest<Answer>,
  send: () => Promise<Answer>,
) => Promise<Answer>

/** One request of any HTTP client. */
export interface AuthRequest<Answer> {
  /** The URL at which the request is sent: absolute, or relative to the page. */
  readonly url: string
  /** In upper case. Default: `GET`. Only a proof names it. */
  readonly method?: string | undefined
  /** Default: the option of `createAuthorize`, which is `if-signed-in`. */
  readonly authToken?: AuthTokenMode | undefined
  /** Ends the wait for a token. */
  readonly signal?: Signal | undefined
  /** False if the body can be read only once. A 401 is then the answer. Default: true. */
  readonly canReplay?: boolean
  /**
   * Sends the request, with `value` in the header and `proof` in the header `DPoP`, if there are any. Called again after a
   * 401.
   */
  send(value?: string, proof?: string): Promise<Answer>
  /** Whether the API answered 401. */
  isUnauthorized(answer: Answer): boolean
  /** A header of the answer. The name is in lower case. Only a proof and a step-up need it. */
  headerOf?(answer: Answer, name: string): string | null | undefined
  /** Where the answer came from, after all redirects. Default: `url`. Only a step-up needs it. */
  urlOf?(answer: Answer): string | null | undefined
}

/** Sends a request by the rules of `createAuthFetch`. Rejects with the signal's reason if it is aborted. */
export type Authorize = <Answer>(request: AuthRequest<Answer>) => Promise<Answer>

/**
 * Gives the rules of `createAuthFetch` to another HTTP client. The returned function sends one request: with the token if
 * its origin is allowed, and once more after a 401.
 *
 * @throws TypeError if an entry of `origins` is not an origin
 *
 * @example
 * ```ts
 * import { createAuthorize, createTokenManager, sessionServer } from '@tokenkeep/core'
 *
 * const transport = sessionServer({ url: 'https://auth.example.com', appId: 'shop' })
 * const authorize = createAuthorize(createTokenManager({ transport }), { origins: ['https://api.example.com'] })
 * const url = 'https://api.example.com/orders'
 * const response = await authorize({
 *   url,
 *   send: (authorization) => fetch(url, authorization ? { headers: { authorization } } : {}),
 *   isUnauthorized: ({ status }) => status === 401,
 * })
 * ```
 */
export function createAuthorize(auth: TokenSource, options: AuthorizeOptions = {}): Authorize {
  const { origins, header, scheme = header ? '' : 'Bearer', authToken: mode, proof, stepUp } = options
  const allows = allowedOrigins(origins)

  return async (request) => {
    const { url, authToken = mode, signal, canReplay = true, send, isUnauthorized } = request
    const sendWith = (token: string) => {
      const value = `${scheme} ${token}`.trim()
      return proof ? proof(auth, request, token, value) : send(value)
    }
    const sendAuthorized = async () => {
      try {
        const token = await tokenFor(auth, authToken, signal)
        if (token === undefined) return await send()
        const { session } = auth.get?.() ?? {}
        const answer = await sendWith(token)
        if (!isUnauthorized(answer)) return answer
        const newer = await auth.getAuthToken({ signal, rejected: token } as Rejected).catch((error) => {
          if (signal?.aborted) throw error
          return token
        })
        // Another user may have signed in since: a request is never sent again in another user's name.
        const isSameUser = auth.get?.().session?.userId === session?.userId
        return newer !== token && canReplay && isSameUser ? await sendWith(newer) : answer
      } catch (error) {
        throw signal?.aborted && isTokenError(error) ? (signal.reason ?? error) : error
      }
    }
    if (authToken === 'never' || isWithoutToken() || !allows(url)) return send()
    if (!stepUp) return sendAuthorized()
    // A redirect may have led to another origin, which asks nobody.
    const headerOf: typeof request.headerOf = (answer, name) =>
      allows(request.urlOf?.(answer) || url) ? request.headerOf?.(answer, name) : undefined
    return stepUp(auth, { ...request, headerOf }, sendAuthorized)
  }
}

type Rejected = Parameters<TokenManager['getAuthToken']>[0]

/** Returns undefined if the request goes without a token: nobody is signed in, and nobody was when the call began. */
async function tokenFor(
  auth: TokenSource,
  mode: AuthTokenMode | undefined,
  signal: Signal | undefined,
): Promise<string | undefined> {
  const sessionAtStart = auth.get?.().session
  const stopHint = DEVELOPMENT ? browserEnvironment.after(HINT_DELAY, hint) : () => {}
  try {
    return await auth.getAuthToken({ signal } as Rejected)
  } catch (error) {
    const session = sessionAtStart ?? auth.get?.().session
    const isNobody = isTokenError(error) && (error.code === 'sign-in-required' || isServer(error.code))
    if (mode === 'always' || session || !isNobody) throw error
    return undefined
  } finally {
    stopHint()
  }
}

/** How long a request waits before the console says so. Milliseconds. */
const HINT_DELAY = 5000

const hint = (): void =>
  // oxlint-disable-next-line no-console -- Only in development builds.
  console.warn(
    "A request has waited for a token for 5 seconds. The request that refreshes must say authToken: 'never'.",
  )

/** A server that renders pages has no storage, and nobody is signed in there. */
const isServer = (code: string): boolean =>
  code === 'storage' && !globalThis.document && !globalThis.indexedDB

/** Whether a body can be read only once: a stream of the web or of Node, or an iterator. */
export const isStream = (body: unknown): boolean =>
  typeof body === 'object' &&
  body !== null &&
  ('getReader' in body || 'pipe' in body || Symbol.asyncIterator in body)
