import { browserEnvironment } from '../environment.ts'
import type { Signal } from '../platform.ts'
import { withoutToken } from '../without-token.ts'
import type { PendingRevocation, TokenResponse } from '../tabs/record.ts'
import { ofSameSession, readPlainTokens } from './token-response.ts'
import type { RefreshRequest, Transport } from './transport.ts'

/** A session as your own functions return it. */
export interface FunctionTransportResult {
  readonly authToken: string
  /** How long the auth token lives, from now. Seconds. */
  readonly expiresIn: number
  readonly refreshToken?: string
  readonly sessionId?: string
  readonly userId?: string
}

export interface FunctionTransportOptions {
  /** Names the session's record in storage. */
  readonly key: string
  /**
   * Refreshes the session. Resolve to undefined if the server has ended it. If the function rejects, the session is
   * untouched. `signal` is aborted after 10 seconds. A request that it begins after an `await`, with a client that sends
   * the token, must say `authToken: 'never'`: else it would wait for the token that it is to bring.
   */
  refresh(
    request: RefreshRequest & { readonly refreshToken: string; readonly signal: Signal },
  ): Promise<FunctionTransportResult | undefined>
  /** Ends the session at the server. It is called again until it resolves. */
  revoke?(revocation: PendingRevocation & { readonly refreshToken: string }): Promise<void>
}

/**
 * Reaches your server through functions of your own.
 *
 * @example
 * ```ts
 * import { createTokenManager, functionTransport } from '@tokenkeep/core'
 *
 * const auth = createTokenManager({
 *   transport: functionTransport({
 *     key: 'shop',
 *     async refresh({ refreshToken, signal }) {
 *       const response = await fetch('/refresh', { method: 'POST', body: refreshToken, signal })
 *       return response.status === 401 ? undefined : response.json()
 *     },
 *   }),
 * })
 * ```
 */
export function functionTransport({
  key,
  refresh,
  revoke,
}: FunctionTransportOptions): Transport<FunctionTransportResult> {
  const parseTokenResponse = (result: FunctionTransportResult): TokenResponse => {
    const { authToken, expiresIn, ...rest } = result
    return readPlainTokens({ token: authToken, seconds: expiresIn, ...rest })
  }
  return {
    key: `tokenkeep:${key}`,
    parseTokenResponse,
    async refresh(request) {
      const { session, retryId, lastRetryId, activity } = request
      const refreshToken = request.refreshToken!
      const result = await withDeadline((signal) =>
        refresh({ session, retryId, lastRetryId, activity, refreshToken, signal }),
      )
      return result ? { issued: ofSameSession(parseTokenResponse(result), request) } : { refused: 'revoked' }
    },
    async revoke({ sessionId, refreshToken }) {
      await withDeadline(async () => revoke?.({ sessionId, refreshToken: refreshToken! }))
      return true
    },
  }
}

const DEADLINE = 10_000

/** Rejects after the deadline, even if the function ignores its signal. */
async function withDeadline<T>(work: (signal: Signal) => Promise<T>): Promise<T> {
  const deadline = new AbortController()
  const { signal } = deadline
  const cancel = browserEnvironment.after(DEADLINE, () => deadline.abort())
  const late = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () =>
      reject(new Error('The function did not settle within 10 seconds.')),
    ),
  )
  return Promise.race([withoutToken(() => work(signal)), late]).finally(cancel)
}
