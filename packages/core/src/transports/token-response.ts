import { browserEnvironment } from '../environment.ts'
import type { Grant } from '../tabs/record.ts'
import type { RefreshRequest } from './transport.ts'

/** What a server grants that knows tokens only, and may name neither session nor user. */
export interface PlainGrant {
  readonly token: string
  /** Of the auth token, from its receipt. */
  readonly seconds: number
  readonly refreshToken?: string | undefined
  readonly sessionId?: string | undefined
  readonly userId?: string | undefined
}

/** The grant of a sign-in. What has no name gets one: so one sign-in's callers never get another's token. */
export const plainGrant = ({ token, seconds, refreshToken, sessionId, userId }: PlainGrant): Grant => {
  if (typeof token !== 'string' || !(seconds > 0)) throw new TypeError('not a token response')
  const session = {
    id: sessionId || browserEnvironment.draw().id,
    userId: userId || browserEnvironment.draw().id,
    renewable: !!refreshToken,
  }
  return { token, lifetime: seconds * 1000, refreshToken, session }
}

/** The grant of a refresh: the session stays what it was, and so does a refresh token that is not rotated. */
export const renewed = (grant: Grant, { session, refreshToken }: RefreshRequest): Grant => ({
  ...grant,
  refreshToken: grant.refreshToken ?? refreshToken,
  session,
})
