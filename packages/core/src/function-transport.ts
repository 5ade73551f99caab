import type { Grant } from './record.ts'
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
  refresh(request: RefreshRequest & { readonly signal: AbortSignal }): Promise<OwnResult | undefined>
  /** Ends the session at the server. Tried again until it resolves. */
  revoke?(farewell: { readonly sessionId: string; readonly refreshToken: string }): Promise<void>
}

/** Speaks to whatever the user's own functions speak to. */
export function functions({ key, refresh, revoke }: OwnTransportOptions): Transport<OwnResult> {
  const grant = (result: OwnResult): Grant => {
    const { authToken, expiresIn, refreshToken, sessionId = '', userId = '' } = result
    if (typeof authToken !== 'string' || !(expiresIn > 0)) throw new TypeError('not a session')
    return {
      authToken,
      lifetime: expiresIn * 1000,
      sessionId,
      userId,
      refreshToken,
      offset: 0,
    }
  }
  return {
    key,
    grant,
    async refresh(request) {
      const result = await refresh({ ...request, signal: AbortSignal.timeout(10_000) })
      return result ? { is: 'granted', grant: grant(result) } : { is: 'refused', reason: 'revoked' }
    },
    async revoke(farewell) {
      await revoke?.(farewell)
      return true
    },
  }
}
