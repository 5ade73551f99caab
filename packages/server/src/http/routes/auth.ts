import {
  cookieRefreshRequest,
  cookieSignOutRequest,
  refreshRequest,
  signOutRequest,
} from '@tokenkeep/protocol'
import { Hono } from 'hono'
import { showId } from '../../store/ids.ts'
import { readRefreshToken } from '../../tokens/refresh-token.ts'
import { renew } from '../refresh-request.ts'
import { answer, body, valid, type AppContext, type Env } from '../request.ts'
import { forgetCookie, intoCookie, readCookie, wantsCookie } from '../session-cookie.ts'
import { signOut } from '../../sessions/refresh.ts'
import { showApp } from '../to-response.ts'

/** Ends the session of a token, where it is one of ours. */
async function end(c: AppContext, text: string | undefined): Promise<void> {
  const token = text === undefined ? undefined : await signOut(c.get('session'), text)
  if (!token) return
  c.env.instance.counts.add(c.get('app').id, 'sign_outs')
  c.set('said', { event: 'sign-out', session: showId(token.sessionId) })
}

/** What an app's pages call: no API key, CORS for the app's own origins. */
export function authRoutes(): Hono<Env> {
  const routes = new Hono<Env>()

  routes.post('/tokens', async (c) => {
    if (!wantsCookie(c)) {
      const { refresh_token, activity } = await body(c, refreshRequest)
      return answer(c, { auth_result: await renew(c, refresh_token, activity === 'background') }, 201)
    }
    // Without a body: a person is active.
    const { activity } = (await c.req.text()) ? await body(c, cookieRefreshRequest) : { activity: 'user' }
    const result = await renew(c, readCookie(c) ?? '', activity === 'background')
    return c.json({ auth_result: intoCookie(c, result) }, 201)
  })

  routes.delete('/tokens', async (c) => {
    // Whatever names no session of ours has nothing to end: 200 all the same.
    const input: unknown = await c.req.json().catch(() => ({}))
    if (wantsCookie(c)) {
      const text = readCookie(c)
      const { session_id } = valid(cookieSignOutRequest, input, 'not a JSON object')
      const { keys, app } = c.get('session')
      const token = text === undefined ? undefined : readRefreshToken(keys, app.id, text)
      // The one to end is named where it may not be the cookie's any more: then somebody has signed in since.
      if (token && session_id !== undefined && session_id !== showId(token.sessionId))
        return c.body(null, 200)
      await end(c, text)
      forgetCookie(c)
    } else {
      // Existing clients name the token in the URL; ours in the body, out of everybody's access log.
      await end(c, c.req.query('refresh_token') ?? signOutRequest.safeParse(input).data?.refresh_token)
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
