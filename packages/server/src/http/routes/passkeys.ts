import { handshakeFinish, signInRequest, signUpRequest } from '@tokenkeep/protocol'
import { Hono } from 'hono'
import { HttpError } from '../../errors.ts'
import { showId } from '../../store/ids.ts'
import { finishSignIn, finishSignUp, startSignIn, startSignUp } from '../../sessions/passkeys.ts'
import { body, clientOf, type AppContext, type Env } from '../request.ts'
import { intoCookie, readCookie, wantsCookie } from '../session-cookie.ts'
import { openSession, signOut } from '../../sessions/refresh.ts'

/** Sign-up and sign-in by passkey (WebAuthn), and what a page asks before. */
export function passkeyRoutes(): Hono<Env> {
  const routes = new Hono<Env>()

  const finish =
    (event: 'sign-up' | 'sign-in', prove: (c: AppContext) => Promise<Buffer>) =>
    async (c: AppContext): Promise<Response> => {
      // Asked first: a page that may have no cookie uses up no ceremony.
      const inCookie = wantsCookie(c)
      const userId = await prove(c)
      const result = await openSession(c.get('session'), userId, clientOf(c))
      c.env.instance.counts.add(c.get('app').id, 'sign_ins')
      c.set('said', { event, user: showId(userId), by: 'passkey' })
      if (!inCookie) return c.json({ auth_result: result })
      // The cookie's session before this one would be nobody's.
      const before = readCookie(c)
      if (before !== undefined) await signOut(c.get('session'), before)
      return c.json({ auth_result: intoCookie(c, result) })
    }

  routes.get('/users', async (c) => {
    const { store, app } = c.get('session')
    await c.env.instance.limits.admit(c.env.address)
    const user = await store.users.findByIdentifier(app.id, c.req.query('identifier') ?? '')
    if (!user) throw new HttpError(404, 'user_not_found', 'no such user')
    return c.json({ user: { id: showId(user.id), status: user.status, webauthn: user.passkeys > 0 } })
  })

  routes.post('/register/webauthn/start', async (c) => {
    const { store, app, now } = c.get('session')
    const { identifier, invitation } = await body(c, signUpRequest)
    const { limits } = c.env.instance
    await limits.admit(c.env.address)
    await limits.signUp(c.env.address)
    return c.json(await startSignUp(store, app, identifier, invitation, now))
  })
  routes.post(
    '/register/webauthn/finish',
    finish('sign-up', async (c) => {
      const { store, app, now } = c.get('session')
      const { handshake_id, handshake_response, user_id } = await body(c, handshakeFinish)
      return finishSignUp(store, app, handshake_id, handshake_response, user_id, now)
    }),
  )
  routes.post('/login/webauthn/start', async (c) => {
    const { store, app, now } = c.get('session')
    const { identifier } = await body(c, signInRequest)
    await c.env.instance.limits.admit(c.env.address)
    return c.json(await startSignIn(store, app, identifier, now))
  })
  routes.post(
    '/login/webauthn/finish',
    finish('sign-in', async (c) => {
      const { store, app, now } = c.get('session')
      const { handshake_id, handshake_response } = await body(c, handshakeFinish)
      return finishSignIn(store, app, handshake_id, handshake_response, now)
    }),
  )
  return routes
}
