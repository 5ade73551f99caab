import type { AuthResult } from '@tokenkeep/protocol'
import { ApiError } from '../errors.ts'
import { refresh, type Outcome, type RefreshInput } from '../sessions/refresh.ts'
import { formatId } from '../store/ids.ts'
import type { Counter } from '../store/statistics.ts'
import { verifyRefreshToken } from '../tokens/refresh-token.ts'
import { header, type Alarm, type AppContext } from './request.ts'

const COUNTER_OF: Readonly<Record<Outcome, Counter>> = {
  rotated: 'refreshes',
  replayed: 'replays',
  late: 'refusals',
  reused: 'reuses',
  'fast-forwarded': 'fast_forwards',
  refused: 'refusals',
}

/** The outcomes that an administrator should know of. */
const ALARM_OF: Partial<Readonly<Record<Outcome, Alarm>>> = {
  reused: 'reuse',
  'fast-forwarded': 'fast-forward',
}

/**
 * Performs the refresh of a request in any dialect, and records its outcome in the log line, the metrics and the statistics.
 * Throws {@link ApiError} `invalid_refresh_token` if it is refused, and `superseded` if it is late.
 */
export async function performRefresh(
  c: AppContext,
  text: string,
  {
    background = false,
    fromCookie = false,
    isAppServer = false,
  }: Partial<Pick<RefreshInput, 'background' | 'fromCookie' | 'isAppServer'>> = {},
): Promise<AuthResult> {
  const { counts, metrics, limits } = c.env.instance
  const context = c.get('session')
  const { app, keys } = context
  const token = verifyRefreshToken(keys, app.id, text)
  const session = token && formatId(token.sessionId)
  // The users of an app server share its address, and a page that cannot store the end of a session asks each time.
  if (session && !isAppServer) limits.checkSession(session)
  const refreshed = await refresh(context, {
    token,
    retryId: header(c, 'idempotency-key') || undefined,
    lastRetryId: () => header(c, 'tokenkeep-last-attempt') || undefined,
    background,
    fromCookie,
    isAppServer,
  })

  const { outcome } = refreshed
  counts.add(app.id, COUNTER_OF[outcome])
  metrics.refreshes.inc({ app: app.id, outcome })
  const logFields = { event: 'refresh', outcome, alarm: ALARM_OF[outcome], session }
  if ('result' in refreshed) {
    c.set('logFields', { ...logFields, generation: refreshed.session.generation })
    return refreshed.result
  }
  const { reason } = refreshed
  c.set('logFields', { ...logFields, generation: token?.generation, reason })
  if (outcome === 'late')
    throw new ApiError('superseded', 'another refresh of this session was answered since: use its tokens')
  // Count only final refusals: a session with an end reason is never refreshed again.
  if (session && reason && !isAppServer) limits.countRefusal(session)
  throw new ApiError('invalid_refresh_token', 'this refresh token is not accepted: sign in again', { reason })
}
