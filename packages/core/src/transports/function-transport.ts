import type { Signal } from '../platform.ts'
import type { PendingRevocation } from '../tabs/record.ts'
import { askFunction, withDeadline, type FunctionOutcome } from './function-outcome.ts'
import { readPlainTokens, type PlainTokens } from './token-response.ts'
import type { RefreshRequest, Transport } from './transport.ts'

/** A session as your own functions return it. */
export interface FunctionTransportResult {
  readonly authToken: string
  /** How long the auth token lives, from now. Seconds. */
  readonly expiresIn: number
  readonly refreshToken?: string
  readonly sessionId?: string
  /** If a refresh returns another user's id than the sign-in, the session ends: `revoked`. */
  readonly userId?: string
}

export interface FunctionTransportOptions {
  /** Names the session's record in storage. */
  readonly key: string
  /**
   * Refreshes the session. Resolve to undefined if the server has ended it; `{ ended }` also says why, and `{ failed }`
   * says why there is no token now. If the function rejects, the session is untouched. A `TypeError` of your own code
   * shows as `misconfigured`, with the error as its cause. `signal` is aborted after 10 seconds. If your function
   * begins a request after an `await`, with a client that sends the token, that request must say `authToken: 'never'`.
   * Otherwise the refresh waits for the token that it should bring.
   */
  refresh(
    request: RefreshRequest & { readonly refreshToken: string; readonly signal: Signal },
  ): Promise<FunctionOutcome<FunctionTransportResult>>
  /** Ends the session at the server. It is called again until it resolves. */
  revoke?(revocation: PendingRevocation & { readonly refreshToken: string }): Promise<void>
}

/**
 * Reaches your server through functions of your own. If an HttpOnly cookie holds the refresh token, use
 * `cookieBackend()`.
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
 *       if (response.status === 401) return { ended: 'expired' }
 *       if (!response.ok) return { failed: 'unreachable' }
 *       return response.json()
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
  const tokensOf = ({ authToken, expiresIn, ...rest }: FunctionTransportResult): PlainTokens => ({
    token: authToken,
    seconds: expiresIn,
    ...rest,
  })
  return {
    key: `tokenkeep:${key}`,
    parseTokenResponse: (result) => readPlainTokens(tokensOf(result)),
    refresh(request) {
      const { session, retryId, lastRetryId, activity } = request
      const refreshToken = request.refreshToken!
      return askFunction(
        (signal) => refresh({ session, retryId, lastRetryId, activity, refreshToken, signal }),
        request,
        tokensOf,
      )
    },
    async revoke({ sessionId, refreshToken }) {
      await withDeadline(async () => revoke?.({ sessionId, refreshToken: refreshToken! }))
      return undefined
    },
  }
}
