import type { AuthResult } from '@tokenkeep/protocol'
import { HttpError } from '../errors.ts'
import { showId } from '../store/ids.ts'
import { readRefreshToken } from '../tokens/refresh-token.ts'
import { header, type AppContext } from './request.ts'
import { refresh, type Outcome } from '../sessions/refresh.ts'
import type { Counter } from '../store/statistics.ts'

const counterOf: Readonly<Record<Outcome, Counter>> = {
  rotated: 'refreshes',
  replayed: 'replays',
  late: 'refusals',
  reused: 'reuses',
  'fast-forwarded': 'fast_forwards',
  refused: 'refusals',
}

/** One refresh, in whatever dialect it was asked for. Its outcome goes into the request's line, the metrics and the statistics. */
export async function renew(c: AppContext, text: string, background = false): Promise<AuthResult> {
  const { counts, metrics, limits } = c.env.instance
  const context = c.get('session')
  const { app, keys } = context
  const token = readRefreshToken(keys, app.id, text)
  const session = token && showId(token.sessionId)
  if (session) await limits.admitSession(session)
  const refreshed = await refresh(context, {
    token,
    attempt: header(c, 'idempotency-key'),
    lastAttempt: () => header(c, 'tokenkeep-last-attempt'),
    background,
  })

  const { outcome } = refreshed
  counts.add(app.id, counterOf[outcome])
  metrics.refreshes.inc({ app: app.id, outcome })
  if ('result' in refreshed) {
    c.set('said', { event: 'refresh', outcome, session, generation: refreshed.session.generation })
    return refreshed.result
  }
  const { reason } = refreshed
  c.set('said', { event: 'refresh', outcome, session, generation: token?.generation, reason })
  // Only an end that is final counts: whoever is refused for a reason will never be let in again.
  if (session && reason) await limits.refused(session)
  throw new HttpError(401, 'invalid_refresh_token', 'this refresh token is not accepted', { reason })
}
