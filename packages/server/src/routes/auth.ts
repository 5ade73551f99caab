import { refreshRequest, signOutRequest } from '@tokenkeep/protocol'
import { Hono } from 'hono'
import type { Logger } from 'pino'
import { HttpError } from '../http-error.ts'
import { showId } from '../ids.ts'
import { body, type Env } from '../request.ts'
import { refresh, signOut, type Outcome } from '../sessions.ts'
import { showApp } from '../show.ts'
import type { Counter } from '../store/statistics.ts'

const counterOf: Readonly<Record<Outcome, Counter>> = {
  rotated: 'refreshes',
  replayed: 'replays',
  late: 'refusals',
  reused: 'reuses',
  'fast-forwarded': 'fast_forwards',
  refused: 'refusals',
}

/** What an app's pages call: no API key, CORS for the app's own origins. */
export function authRoutes(log: Logger): Hono<Env> {
  const routes = new Hono<Env>()

  routes.post('/tokens', async (c) => {
    const input = await body(c, refreshRequest)
    const context = c.get('session')
    const refreshed = await refresh(context, {
      token: input.refresh_token,
      attempt: c.req.header('idempotency-key'),
      lastAttempt: c.req.header('tokenkeep-last-attempt'),
      background: input.activity === 'background',
    })
    const app = context.app.id
    c.get('instance').counts.add(app, counterOf[refreshed.outcome])
    if ('result' in refreshed) {
      const { outcome, session, result } = refreshed
      log.info({ outcome, app, session: showId(session.id), generation: session.generation }, 'refresh')
      return c.json({ auth_result: result }, 201)
    }
    const { outcome, token, reason } = refreshed
    const known = token && { session: showId(token.sessionId), generation: token.generation }
    log.info({ outcome, app, ...known, reason }, 'refresh')
    throw new HttpError(401, 'invalid_refresh_token', 'this refresh token is not accepted', reason)
  })

  routes.delete('/tokens', async (c) => {
    // Existing clients name the token in the URL; ours in the body, out of everybody's access log.
    // Whatever names no session of ours has nothing to end: 200 all the same.
    const parsed = signOutRequest.safeParse(await c.req.json().catch(() => undefined))
    const text = c.req.query('refresh_token') ?? parsed.data?.refresh_token
    const token = text === undefined ? undefined : await signOut(c.get('session'), text)
    if (token) {
      c.get('instance').counts.add(c.get('app').id, 'sign_outs')
      log.info({ app: c.get('app').id, session: showId(token.sessionId) }, 'sign-out')
    }
    return c.body(null, 200)
  })

  routes.get('/.well-known/jwks.json', (c) => c.json({ keys: c.get('session').signer.jwks }))
  routes.get('/.well-known/openid-configuration', (c) => {
    const { issuer } = c.get('session')
    return c.json({ issuer, jwks_uri: `${issuer}/.well-known/jwks.json` })
  })
  routes.get('/', (c) => c.json({ app: showApp(c.get('app')) }))
  return routes
}
