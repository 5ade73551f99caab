import { handshakeFinish, identifierRequest, refreshRequest, signOutRequest } from '@tokenkeep/protocol'
import { Hono } from 'hono'
import type { Logger } from 'pino'
import { HttpError } from './http-error.ts'
import { parseId, showId } from './ids.ts'
import { finishSignIn, finishSignUp, startSignIn, startSignUp } from './passkeys.ts'
import { body, type Variables } from './request.ts'
import { openSession, refresh, signOut } from './sessions.ts'
import { showApp, showUser } from './show.ts'

/** What an app's pages call: no API key, CORS for the app's own origin. */
export function authRoutes(log: Logger): Hono<{ Variables: Variables }> {
  const routes = new Hono<{ Variables: Variables }>()

  routes.post('/tokens', async (c) => {
    const input = await body(c, refreshRequest)
    const context = c.get('session')
    const refreshed = refresh(context, {
      token: input.refresh_token,
      attempt: c.req.header('idempotency-key'),
      lastAttempt: c.req.header('tokenkeep-last-attempt'),
      background: input.activity === 'background',
    })
    const app = context.app.id
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
    const token = text === undefined ? undefined : signOut(c.get('session'), text)
    if (token) log.info({ app: c.get('app').id, session: showId(token.sessionId) }, 'sign-out')
    return c.body(null, 200)
  })

  routes.get('/.well-known/jwks.json', (c) => c.json({ keys: [c.get('session').signer.jwk] }))
  routes.get('/.well-known/openid-configuration', (c) => {
    const { issuer } = c.get('session')
    return c.json({ issuer, jwks_uri: `${issuer}/.well-known/jwks.json` })
  })

  routes.get('/currentuser', (c) => {
    const { store, signer, app, issuer, now } = c.get('session')
    const token = c.req.header('authorization')?.match(/^Bearer (.+)$/i)?.[1]
    const claims = token && signer.read(app, issuer, token, now)
    const user = claims && store.user(app.id, parseId(claims.sub)!)
    if (!user) throw new HttpError(401, 'invalid_access_token', 'this auth token is not accepted')
    return c.json({ user: showUser(user) })
  })

  routes.get('/users', (c) => {
    const { store, app } = c.get('session')
    const user = store.userByIdentifier(app.id, c.req.query('identifier') ?? '')
    if (!user) throw new HttpError(404, 'user_not_found', 'no such user')
    return c.json({
      user: {
        id: showId(user.id),
        status: user.status,
        webauthn: store.passkeys(app.id, user.id).length > 0,
      },
    })
  })

  routes.post('/register/webauthn/start', async (c) => {
    const { store, app, now } = c.get('session')
    return c.json(await startSignUp(store, app, (await body(c, identifierRequest)).identifier, now))
  })
  routes.post('/register/webauthn/finish', async (c) => {
    const { store, app, now } = c.get('session')
    const { handshake_id, handshake_response, user_id } = await body(c, handshakeFinish)
    const userId = await finishSignUp(store, app, handshake_id, handshake_response, user_id, now)
    log.info({ app: app.id, user: showId(userId), by: 'passkey' }, 'sign-up')
    const result = openSession(c.get('session'), userId)
    log.info({ app: app.id, user: showId(userId), by: 'passkey' }, 'sign-in')
    return c.json({ auth_result: result })
  })
  routes.post('/login/webauthn/start', async (c) => {
    const { store, app, now } = c.get('session')
    const { identifier } = await body(c, identifierRequest.partial())
    return c.json(await startSignIn(store, app, identifier, now))
  })
  routes.post('/login/webauthn/finish', async (c) => {
    const { store, app, now } = c.get('session')
    const { handshake_id, handshake_response } = await body(c, handshakeFinish)
    const userId = await finishSignIn(store, app, handshake_id, handshake_response, now)
    log.info({ app: app.id, user: showId(userId), by: 'passkey' }, 'sign-in')
    return c.json({ auth_result: openSession(c.get('session'), userId) })
  })

  routes.get('/', (c) => c.json({ app: showApp(c.get('app')) }))
  return routes
}
