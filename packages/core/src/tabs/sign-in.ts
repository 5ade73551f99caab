import type { SignedOutReason } from '../machine/session.ts'
import type { Change } from './change.ts'
import type { PendingRevocation, SessionRecord, SignedInRecord, TokenResponse } from './record.ts'

/** How long a refresh token lives at most if its server does not say. Milliseconds. */
const DEFAULT_LIFETIME = 30 * 86_400_000

/** Returns the revocations that are pending once the session of this record is over. */
function revocationsAfter(
  record: SessionRecord | undefined,
  reason?: PendingRevocation['reason'],
): readonly PendingRevocation[] {
  if (!record?.session?.renewable) return record?.pendingRevocations ?? []
  const { session, refreshToken, receivedAt, pendingRevocations } = record
  return [
    ...pendingRevocations,
    {
      sessionId: session.id,
      refreshToken,
      expiresAt: session.absoluteExpiresAt ?? session.inactiveAt ?? receivedAt + DEFAULT_LIFETIME,
      reason,
    },
  ]
}

/**
 * Signs out. It needs no lock and no network. It ends the epoch, so it wins over every refresh in flight. The last token
 * is revoked even after the server refused it, because a successor whose response was lost may still be alive.
 *
 * @example
 * ```ts
 * import { signOut } from '@tokenkeep/core/cross-tab'
 *
 * const change = signOut('signed-out')
 * console.log(change(undefined)?.reason) // 'signed-out'
 * ```
 */
export const signOut =
  (reason: SignedOutReason): Change =>
  (record) =>
    record?.v && record.reason
      ? record
      : {
          v: 1,
          epoch: record?.epoch,
          reason,
          pendingRevocations: revocationsAfter(record, reason),
        }

/**
 * Signs in. If another session was signed in, that session is revoked. `receivedAt`: milliseconds since the Unix epoch.
 *
 * @example
 * ```ts
 * import { signIn } from '@tokenkeep/core/cross-tab'
 *
 * const response = {
 *   session: { id: 'session-1', userId: 'user-1', renewable: true },
 *   token: 'auth.token.1',
 *   lifetime: 300_000,
 *   refreshToken: 'refresh-token-1',
 * }
 * const record = signIn('e1', response, Date.now())()
 * ```
 */
export const signIn =
  (
    epoch: string,
    response: TokenResponse,
    receivedAt: number,
  ): ((record?: SessionRecord) => SignedInRecord) =>
  (record) => ({
    ...response,
    v: 1,
    epoch,
    retryId: epoch,
    receivedAt,
    generation: 0,
    pendingRevocations: revocationsAfter(record).filter(
      ({ sessionId, refreshToken = sessionId }) =>
        sessionId !== response.session.id && refreshToken !== response.refreshToken,
    ),
  })

/**
 * Removes a pending revocation that the server has answered.
 *
 * @example
 * ```ts
 * import { removeRevocation } from '@tokenkeep/core/cross-tab'
 *
 * const change = removeRevocation('session-1')
 * ```
 */
export const removeRevocation =
  (sessionId: string): Change =>
  (record) =>
    record && {
      ...record,
      pendingRevocations: record.pendingRevocations.filter((entry) => entry.sessionId !== sessionId),
    }
