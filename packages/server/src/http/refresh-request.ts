import type { AuthResult } from '@tokenkeep/protocol'
import { ApiError } from '../errors.ts'
import { hasKeyOf } from '../sessions/binding.ts'
import { refresh, type Outcome, type RefreshInput } from '../sessions/refresh.ts'
import { formatId } from '../store/ids.ts'
import type { Counter } from '../store/statistics.ts'
import { claimedKey } from '../tokens/dpop-proof.ts'
import { verifyRefreshToken, type RefreshToken } from '../tokens/refresh-token.ts'
import { proofText, provenKey } from './dpop.ts'
import { header, type Alarm, type AppContext } from './request.ts'

const COUNTER_OF: Readonly<Record<Outcome, Counter>> = {
  rotated: 'refreshes',
  replayed: 'replays',
  late: 'refusals',
  reused: 'reuses',
  'fast-forwarded': 'fast_forwards',
  refused: 'refusals',
  unproven: 'refusals',
}

/** The outcomes that an administrator should know of. */
const ALARM_OF: Partial<Readonly<Record<Outcome, Alarm>>> = {
  reused: 'reuse',
  'fast-forwarded': 'fast-forward',
}

/** Records an alarm of a session in the audit trail: once an hour, because a thief can cause many. */
async function recordAlarm(
  c: AppContext,
  type: 'stolen-token' | 'forked',
  { userId, sessionId }: RefreshToken,
  data: object,
): Promise<void> {
  const { store, app, now, by } = c.get('session')
  if (!c.env.instance.isNewAlarm(`${type} ${formatId(sessionId)}`, now)) return
  const event = { at: now, app_id: app.id, type, user_id: userId, session_id: sessionId, data }
  await store.events.add({ ...event, actor: by('system') })
}

/**
 * True if a bound token comes without its key. Then it is stolen, and its sender gets nothing. But the session lives, or else a
 * line of a log could sign its owner out. The proof is not verified yet.
 */
function isStolen(c: AppContext, token: RefreshToken): boolean {
  const text = proofText(c)
  return !hasKeyOf(token, text === undefined ? undefined : claimedKey(text))
}

/**
 * Performs the refresh of a request in any dialect, and records its outcome in the log line, the metrics and the statistics.
 * Throws {@link ApiError} `invalid_refresh_token` if it is refused, `superseded` if it is late, and `invalid_dpop_proof` or
 * `use_dpop_nonce` if the client does not prove its key.
 */
export async function performRefresh(
  c: AppContext,
  text: string,
  {
    background = false,
    fromCookie = false,
    isAppServer = false,
    isConfidential = false,
  }: Partial<Pick<RefreshInput, 'background' | 'fromCookie' | 'isAppServer' | 'isConfidential'>> = {},
): Promise<AuthResult> {
  const { counts, metrics, limits } = c.env.instance
  const context = c.get('session')
  const { app, keys } = context
  const token = verifyRefreshToken(keys, app.id, text)
  const session = token && formatId(token.sessionId)
  // The users of an app server share its address, and a page that cannot store the end of a session asks each time.
  if (session && !isAppServer) limits.checkSession(session)
  const stolen = token !== undefined && isStolen(c, token)
  const refreshed = await refresh(context, {
    token,
    jkt: token && !stolen ? provenKey(c, token.key !== undefined) : undefined,
    isConfidential,
    retryId: header(c, 'idempotency-key') || undefined,
    lastRetryId: () => header(c, 'tokenkeep-last-attempt') || undefined,
    background,
    fromCookie,
    isAppServer,
  })

  const { outcome } = refreshed
  counts.add(app.id, COUNTER_OF[outcome])
  metrics.refreshes.inc({ app: app.id, outcome })
  const alarm = stolen ? 'stolen-token' : ALARM_OF[outcome]
  const logFields = { event: 'refresh', outcome, alarm, session }
  if ('result' in refreshed) {
    const { generation } = refreshed.session
    c.set('logFields', { ...logFields, generation, ...(refreshed.isForked && { alarm: 'forked' }) })
    if (refreshed.isForked) await recordAlarm(c, 'forked', token!, { behind: generation - token!.generation })
    return refreshed.result
  }
  const { reason } = refreshed
  c.set('logFields', { ...logFields, generation: token?.generation, reason })
  if (stolen)
    await recordAlarm(c, 'stolen-token', token, { brought: proofText(c) ? 'another-key' : 'no-key' })
  if (outcome === 'unproven')
    throw new ApiError(
      'invalid_dpop_proof',
      'this refresh needs a proof of the key of its session: send it in the header DPoP (RFC 9449)',
    )
  if (outcome === 'late')
    throw new ApiError('superseded', 'another refresh of this session was answered since: use its tokens')
  // Count only final refusals: a session with an end reason is never refreshed again.
  if (session && reason && !isAppServer) limits.countRefusal(session)
  throw new ApiError('invalid_refresh_token', 'this refresh token is not accepted: sign in again', { reason })
}
