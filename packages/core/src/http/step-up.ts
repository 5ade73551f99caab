import type { GetAuthTokenOptions } from '../manager/api.ts'
import type { Signal } from '../platform.ts'
import { isStream, type TokenSource } from './authorize.ts'
import {
  createAuthFetch,
  isRequest,
  type AuthFetch,
  type AuthFetchOptions,
  type AuthTokenInit,
} from './fetch.ts'
import { allowedOrigins } from './origins.ts'
import { readChallenge, type StepUpChallenge } from './step-up-challenge.ts'

export interface StepUpFetchOptions extends AuthFetchOptions {
  /**
   * Lets the user authenticate again, and resolves once the manager has a token that says so. `passkeys.reauthenticate(auth)` of
   * `@tokenkeep/elements` does both. If it rejects, the requests that wait for it reject with the same error. Open a dialog with a
   * button: browsers may show the prompt of a passkey only after a click.
   */
  readonly reauthenticate: (challenge: StepUpChallenge) => Promise<unknown>
}

/** One time that the user was asked. */
interface Authentication {
  readonly done: Promise<unknown>
  /** In the order of requests and authentications. Infinity: it is under way. */
  endedAt: number
}

/**
 * Like `createAuthFetch`, but if an API asks for a more recent or a stronger authentication (RFC 9470), the user authenticates again, and
 * the request is sent once more. Requests that ask for the same share one authentication, and no two are open at once.
 * - The answer is the 401 if the API is not satisfied then, if another user has signed in meanwhile, or if the body is a stream.
 *   Nobody is asked because of a stream.
 * - Only answers to requests with the token count. Your API must expose the header `WWW-Authenticate` (CORS).
 * - The signal of a request ends its wait too. The other requests go on waiting.
 *
 * @throws TypeError if an entry of `origins` is not an origin
 * @throws (the returned function) what `createAuthFetch` throws, and what `reauthenticate` rejects with
 *
 * @example
 * ```ts
 * import { createStepUpFetch, createTokenManager, sessionServer } from '@tokenkeep/core'
 * import { createPasskeys } from '@tokenkeep/elements'
 *
 * const auth = createTokenManager({ transport: sessionServer({ url: 'https://auth.example.com', appId: 'shop' }) })
 * const passkeys = createPasskeys({ server: 'https://auth.example.com', appId: 'shop' })
 * const authFetch = createStepUpFetch(auth, {
 *   origins: ['https://api.example.com'],
 *   reauthenticate: () => passkeys.reauthenticate(auth),
 * })
 * await authFetch('https://api.example.com/account', { method: 'DELETE' })
 * ```
 */
export function createStepUpFetch(auth: TokenSource, options: StepUpFetchOptions): AuthFetch {
  const { header = 'authorization', reauthenticate } = options
  const authFetch = createAuthFetch(auth, options)
  const allows = allowedOrigins(options.origins)
  /** The newest authentication for each list of classes. */
  const newest = new Map<string, Authentication>()
  let last: Promise<unknown> = Promise.resolve()
  /** Counts the requests and the ends of authentications, to tell which came first. */
  let order = 0

  /**
   * Resolves after an authentication that ends after the request was sent: that one is recent enough. If there is none, the user is
   * asked, once no other prompt is open.
   */
  function authenticate(challenge: StepUpChallenge, sentAt: number): Promise<unknown> {
    const classes = challenge.acrValues.join(' ')
    const known = newest.get(classes)
    if (known && known.endedAt > sentAt) return known.done
    const run = (): Promise<unknown> => reauthenticate(challenge)
    const own = { done: (last = last.then(run, run)), endedAt: Infinity }
    const end = (): void => void (own.endedAt = ++order)
    own.done.then(end, end)
    newest.set(classes, own)
    return own.done
  }

  const stepUpFetch = async (
    input: RequestInfo | URL,
    init?: RequestInit & AuthTokenInit,
  ): Promise<Response> => {
    if (!carriesToken(input, init)) return authFetch(input, init)
    const signal = init?.signal ?? (isRequest(input) ? input.signal : undefined)
    // Until the storage has been read, nobody knows whose request this is.
    if (!auth.get?.().session)
      await auth.getAuthToken({ signal } as GetAuthTokenOptions).catch(() => undefined)
    const userId = auth.get?.().session?.userId
    const sentAt = ++order
    const response = await authFetch(input, init)
    const challenge = readChallenge(response.status, response.headers.get('www-authenticate'))
    const isForeign = !allows(response.url || urlOf(input))
    if (!challenge || isForeign || (isRequest(input) && input.bodyUsed)) return response
    await untilAborted(authenticate(challenge, sentAt), signal)
    if (auth.get?.().session?.userId !== userId) return response
    response.body?.cancel().catch(() => {})
    return authFetch(input, init)
  }

  /** Whether the request carries the token of the session, and can be sent twice. */
  function carriesToken(input: RequestInfo | URL, init: (RequestInit & AuthTokenInit) | undefined): boolean {
    const { authToken = options.authToken, body, headers } = init ?? {}
    const hasOwn = new Headers(headers ?? (isRequest(input) ? input.headers : undefined)).has(header)
    return authToken !== 'never' && !hasOwn && !isStream(body) && allows(urlOf(input))
  }
  return stepUpFetch as AuthFetch
}

const urlOf = (input: RequestInfo | URL): string => (isRequest(input) ? input.url : String(input))

/** Rejects with the signal's reason as soon as it is aborted. */
function untilAborted(work: Promise<unknown>, signal: Signal | null | undefined): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal!.reason)
    const end = (): void => signal?.removeEventListener('abort', abort)
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort)
    work.then(resolve, reject).finally(end)
  })
}
