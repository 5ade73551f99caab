import { browserEnvironment } from '../environment.ts'
import type { Signal } from '../platform.ts'
import { plainGrant, renewed } from './token-response.ts'
import type { Farewell, Grant } from '../tabs/record.ts'
import type { RefreshRequest, Transport } from './transport.ts'

/** A session as the user's own functions hand it over. */
export interface OwnResult {
  readonly authToken: string
  /** Seconds, from now. */
  readonly expiresIn: number
  readonly refreshToken?: string
  readonly sessionId?: string
  readonly userId?: string
}

export interface OwnTransportOptions {
  /** Names the session's place in storage. */
  readonly key: string
  /**
   * Renews the session, within the deadline that `signal` keeps. Returns undefined where the server has ended it.
   * Whatever it throws is a failure on the way: the session goes on.
   */
  refresh(
    request: RefreshRequest & { readonly refreshToken: string; readonly signal: Signal },
  ): Promise<OwnResult | undefined>
  /** Ends the session at the server. Tried again until it resolves. */
  revoke?(farewell: Farewell & { readonly refreshToken: string }): Promise<void>
}

/** Speaks to whatever the user's own functions speak to. */
export function functions({ key, refresh, revoke }: OwnTransportOptions): Transport<OwnResult> {
  const grant = (result: OwnResult): Grant => {
    const { authToken, expiresIn, ...rest } = result
    return plainGrant({ token: authToken, seconds: expiresIn, ...rest })
  }
  return {
    key: `tokenkeep:${key}`,
    grant,
    async refresh(request) {
      const { session, attempt, lastAttempt, activity } = request
      const refreshToken = request.refreshToken!
      const result = await inTime((signal) =>
        refresh({ session, attempt, lastAttempt, activity, refreshToken, signal }),
      )
      return result ? { granted: renewed(grant(result), request) } : { refused: 'revoked' }
    },
    async revoke({ sessionId, refreshToken }) {
      await inTime(async () => revoke?.({ sessionId, refreshToken: refreshToken! }))
      return true
    },
  }
}

/** Nobody waits longer than for a server of ours, whether the function heeds its signal or not. */
async function inTime<T>(work: (signal: Signal) => Promise<T>): Promise<T> {
  const deadline = new AbortController()
  const { signal } = deadline
  const cancel = browserEnvironment.after(10_000, () => deadline.abort())
  const late = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(new Error('too late'))),
  )
  return Promise.race([work(signal), late]).finally(cancel)
}
