import type { EndReason } from '@tokenkeep/protocol'
import { browserEnvironment, REQUEST_TIMEOUT } from '../environment.ts'
import type { Signal } from '../platform.ts'
import { withoutToken } from '../without-token.ts'
import type { Answer, Failed } from '../tabs/answer.ts'
import { MAX_RETRY_AFTER } from './failure.ts'
import { isMistake } from './mistake.ts'
import { isOtherUser, readPlainTokens, readRefreshedTokens, type PlainTokens } from './token-response.ts'
import type { RefreshRequest } from './transport.ts'

/** What your function returns if the session is over. */
export interface SessionEnded {
  /** Why. The session becomes `signed-out` with this reason. */
  readonly ended: EndReason
}

/** What your function returns if it got no token, and the session is not over. */
export interface RefreshFailed {
  /**
   * - `unreachable`: the server did not answer, or failed. Your function is called again.
   * - `throttled`: the server asks to wait.
   * - `misconfigured`: the app's code or settings are wrong. Waiting will not help.
   * - `sign-in-required`: only the user can go on, for example because a second factor is due.
   */
  readonly failed: Failed['failed']
  /**
   * How long no tab asks again. Seconds, as in the header `Retry-After`; at most an hour. Default: up to a second, doubled
   * after each failure, up to 8 seconds.
   */
  readonly retryAfter?: number | undefined
  /** The cause of the `TokenError` that callers get. */
  readonly cause?: unknown
}

/** What a function of yours may resolve to. `undefined` is the same as `{ ended: 'revoked' }`. */
export type FunctionOutcome<Tokens> = Tokens | SessionEnded | RefreshFailed | undefined

/**
 * Calls a function of the app, and reads what it resolves to. `request` is absent if the function is asked for a session
 * of which nothing is known.
 */
export async function askFunction<Tokens extends object>(
  call: (signal: Signal) => Promise<FunctionOutcome<Tokens>>,
  request: RefreshRequest | undefined,
  tokensOf: (tokens: Tokens) => PlainTokens,
): Promise<Answer> {
  let outcome: FunctionOutcome<Tokens>
  try {
    outcome = await withDeadline(call)
  } catch (cause) {
    return { failed: isMistake(cause) ? 'misconfigured' : 'unreachable', cause }
  }
  if (!outcome) return { refused: 'revoked' }
  if ('ended' in outcome) return { refused: outcome.ended }
  if ('failed' in outcome) return readFailure(outcome, request)
  const tokens = tokensOf(outcome)
  if (!request) return { issued: readPlainTokens(tokens) }
  if (isOtherUser(tokens.userId, request)) return { refused: 'revoked' }
  return { issued: readRefreshedTokens(tokens, request) }
}

const readFailure = (
  { failed, retryAfter = 0, cause }: RefreshFailed,
  request: RefreshRequest | undefined,
): Failed => ({
  failed,
  cause,
  retryAfter: retryAfter > 0 ? Math.min(retryAfter * 1000, MAX_RETRY_AFTER) : undefined,
  session: failed === 'sign-in-required' && request ? { ...request.session, renewable: false } : undefined,
})

/** Rejects after the deadline, even if the function ignores its signal. */
export async function withDeadline<T>(work: (signal: Signal) => Promise<T>): Promise<T> {
  const deadline = new AbortController()
  const { signal } = deadline
  const cancel = browserEnvironment.after(REQUEST_TIMEOUT, () => deadline.abort())
  const late = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () =>
      reject(new Error('The function did not settle within 10 seconds.')),
    ),
  )
  return Promise.race([withoutToken(() => work(signal)), late]).finally(cancel)
}
