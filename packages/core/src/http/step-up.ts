import type { GetAuthTokenOptions } from '../manager/api.ts'
import type { Signal } from '../platform.ts'
import type { StepUp } from './authorize.ts'
import { readChallenge, type StepUpChallenge } from './step-up-challenge.ts'

export interface StepUpOptions {
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
 * Creates the option `stepUp` of `createAuthFetch`, `authorizeAxios`, `createAuthorize` and `provideAuthToken`. If an API asks for a more
 * recent or a stronger authentication (RFC 9470), the user authenticates again, and the request is sent once more. Requests that ask for
 * the same share one authentication, also those of several HTTP clients that share the option, and no two are open at once.
 * - The answer is the 401 if the API is not satisfied then, if another user has signed in meanwhile, or if the body is a stream.
 *   Nobody is asked because of a stream.
 * - Only answers to requests with the token count. Your API must expose the header `WWW-Authenticate` (CORS).
 * - The signal of a request ends its wait too, as does the `timeout` of an axios request. The other requests go on waiting.
 *
 * @example
 * ```ts
 * import { createAuthFetch, createStepUp, createTokenManager, sessionServer } from '@tokenkeep/core'
 * import { createPasskeys } from '@tokenkeep/elements'
 *
 * const auth = createTokenManager({ transport: sessionServer({ url: 'https://auth.example.com', appId: 'shop' }) })
 * const passkeys = createPasskeys({ server: 'https://auth.example.com', appId: 'shop' })
 * const authFetch = createAuthFetch(auth, {
 *   origins: ['https://api.example.com'],
 *   stepUp: createStepUp({ reauthenticate: () => passkeys.reauthenticate(auth) }),
 * })
 * await authFetch('https://api.example.com/account', { method: 'DELETE' })
 * ```
 */
export function createStepUp({ reauthenticate }: StepUpOptions): StepUp {
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

  return async (auth, { signal, canReplay = true, isUnauthorized, headerOf }, send) => {
    // Until the storage has been read, nobody knows whose request this is.
    if (!auth.get?.().session)
      await auth.getAuthToken({ signal } as GetAuthTokenOptions).catch(() => undefined)
    const before = auth.get?.()
    const sentAt = ++order
    const answer = await send()
    // Without a session, the request went without a token.
    if (!canReplay || !isUnauthorized(answer) || (before && !before.session)) return answer
    const challenge = readChallenge(headerOf?.(answer, 'www-authenticate'))
    if (!challenge) return answer
    await untilAborted(authenticate(challenge, sentAt), signal)
    return auth.get?.().session?.userId === before?.session?.userId ? send() : answer
  }
}

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
