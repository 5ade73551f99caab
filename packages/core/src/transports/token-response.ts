import type { SessionClaims } from '../machine/session.ts'
import { randomId } from '../random-id.ts'
import type { TokenResponse } from '../tabs/record.ts'
import type { RefreshRequest } from './transport.ts'

/** The tokens that a server returns. The server may name neither a session nor a user. */
export interface PlainTokens {
  readonly token: string
  /** How long the auth token lives, from its receipt. Seconds. */
  readonly seconds: number
  readonly refreshToken?: string | undefined
  /** Default: true if there is a refresh token. */
  readonly renewable?: boolean | undefined
  readonly sessionId?: string | undefined
  readonly userId?: string | undefined
  readonly claims?: SessionClaims | undefined
  /** When the session ends unless it is refreshed before. Milliseconds since the Unix epoch. */
  readonly inactiveAt?: number | undefined
}

/** The prefix of the random id for a session or a user that the server does not name. */
const UNNAMED = 'unnamed-'

const unnamed = (): string => UNNAMED + randomId()

/**
 * Returns the token response of a sign-in. If the server names no session or user, random ids take their place, so that
 * a call that began in one sign-in never gets the token of another.
 *
 * @throws TypeError if there is no token, or no lifetime
 */
export function readPlainTokens(tokens: PlainTokens): TokenResponse {
  const { token, seconds, refreshToken, renewable = !!refreshToken, claims, inactiveAt } = tokens
  if (!token || typeof token !== 'string' || !(seconds > 0))
    throw new TypeError('This is not a token response: it has no token, or no lifetime in seconds.')
  const session = {
    id: tokens.sessionId || unnamed(),
    userId: tokens.userId || unnamed(),
    renewable,
    ...(claims && { claims }),
    ...(inactiveAt && { inactiveAt }),
  }
  return { token, lifetime: seconds * 1000, refreshToken, session }
}

/**
 * Returns the token response of a refresh. The session keeps its id and its user. A refresh token that is not rotated
 * stays, and so do claims that the response does not repeat.
 *
 * @throws TypeError if there is no token, or no lifetime
 */
export function readRefreshedTokens(
  tokens: PlainTokens,
  { session, refreshToken }: RefreshRequest,
): TokenResponse {
  const { session: newest, ...response } = readPlainTokens(tokens)
  const { claims = session.claims, inactiveAt } = newest
  return {
    ...response,
    refreshToken: response.refreshToken ?? refreshToken,
    session: { ...session, inactiveAt, claims },
  }
}

/** True if a server names another user than the one whose session was refreshed. */
export const isOtherUser = (userId: string | undefined, { session }: RefreshRequest): boolean =>
  !!userId && userId !== session.userId && !session.userId.startsWith(UNNAMED)
