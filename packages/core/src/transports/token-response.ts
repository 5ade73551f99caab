import { browserEnvironment } from '../environment.ts'
import type { TokenResponse } from '../tabs/record.ts'
import type { RefreshRequest } from './transport.ts'

/** The tokens that a server returns. The server may name neither a session nor a user. */
export interface PlainTokens {
  readonly token: string
  /** How long the auth token lives, from its receipt. Seconds. */
  readonly seconds: number
  readonly refreshToken?: string | undefined
  readonly sessionId?: string | undefined
  readonly userId?: string | undefined
}

/**
 * Returns the token response of a sign-in. If the server names no session or user, random ids take their place, so that
 * a call that began in one sign-in never gets the token of another.
 */
export const readPlainTokens = ({
  token,
  seconds,
  refreshToken,
  sessionId,
  userId,
}: PlainTokens): TokenResponse => {
  if (typeof token !== 'string' || !(seconds > 0)) throw new TypeError('This is not a token response.')
  const session = {
    id: sessionId || browserEnvironment.entropy().id,
    userId: userId || browserEnvironment.entropy().id,
    renewable: !!refreshToken,
  }
  return { token, lifetime: seconds * 1000, refreshToken, session }
}

/** Returns the token response of a refresh: the session stays the same, and so does a refresh token that is not rotated. */
export const ofSameSession = (
  response: TokenResponse,
  { session, refreshToken }: RefreshRequest,
): TokenResponse => ({
  ...response,
  refreshToken: response.refreshToken ?? refreshToken,
  session,
})
