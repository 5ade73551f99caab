import type { AuthResult } from '@tokenkeep/protocol'
import { ApiError } from '../errors.ts'
import { refresh, type Outcome } from '../sessions/refresh.ts'
import { formatId } from '../store/ids.ts'
import type { Counter } from '../store/statistics.ts'
import { verifyRefreshToken } from '../tokens/refresh-token.ts'
import { header, type AppContext } from './request.ts'

const COUNTER_OF: Readonly<Record<Outcome, Counter>> = {
  rotated: 'refreshes',
  replayed: 'replays',
  late: 'refusals',
  reused: 'reuses',
  'fast-forwarded': 'fast_forwards',
  refused: 'refusals',
}

/**
 * Performs the refresh of a request in any dialect, and records its outcome in the log line, the metrics and the statistics.
 * Throws {@link ApiError} `invalid_refresh_token` if it is refused.
 */
export async function performRefresh(c: AppContext, text: string, background = false): Promise<AuthResult> {
  const { counts, metrics, limits } = c.env.instance
  const context = c.get('session')
  const { app, keys } = context
  const token = verifyRefreshToken(keys, app.id, text)
  const session = token && formatId(token.sessionId)
  if (session) limits.checkSession(session)
  const refreshed = await refresh(context, {
    token,
    retryId: header(c, 'idempotency-key'),
    lastRetryId: () => header(c, 'tokenkeep-last-attempt'),
    background,
  })

  const { outcome } = refreshed
  counts.add(app.id, COUNTER_OF[outcome])
  metrics.refreshes.inc({ app: app.id, outcome })
  if ('result' in refreshed) {
    c.set('logFields', { event: 'refresh', outcome, session, generation: refreshed.session.generation })
    return refreshed.result
  }
  const { reason } = refreshed
  c.set('logFields', { event: 'refresh', outcome, session, generation: token?.generation, reason })
  // Count only final refusals: a session with an end reason is never refreshed again.
  if (session && reason) limits.countRefusal(session)
  throw new ApiError('invalid_refresh_token', 'this refresh token is not accepted: sign in again', { reason })
}
