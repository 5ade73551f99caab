import {
  cookieRefreshRequest,
  cookieSignOutRequest,
  refreshRequest,
  signOutRequest,
} from '@tokenkeep/protocol'
import { Hono } from 'hono'
import { allowedOrigin } from '../cors.ts'
import { authenticateAppServer } from '../client-authentication.ts'
import { ApiError } from '../../errors.ts'
import { formatId } from '../../store/ids.ts'
import { verifyRefreshToken } from '../../tokens/refresh-token.ts'
import { provenKeyOrNone } from '../dpop.ts'
import { performRefresh } from '../refresh-request.ts'
import { readBody, parseInput, type AppContext, type Env } from '../request.ts'
import { respond } from '../response.ts'
import { answersInCookie, clearCookie, moveToCookie, readCookie, wantsCookie } from '../session-cookie.ts'
import { signOut } from '../../sessions/sign-out.ts'
import { toAppResponse } from '../to-response.ts'

/** Ends the session of a refresh token. Does nothing if the text is not a token of this app. */
async function endSession(c: AppContext, text: string | undefined, reason?: 'displaced'): Promise<void> {
  const ended =
    text === undefined
      ? undefined
      : await signOut(c.get('session'), text, { reason, jkt: provenKeyOrNone(c) })
  if (!ended) return
  const session = formatId(ended.token.sessionId)
  const isAlarm = reason !== undefined && ended.isNew
  c.env.instance.counts.add(c.get('app').id, isAlarm ? 'reuses' : 'sign_outs')
  c.set('logFields', { event: 'sign-out', session, ...(isAlarm && { alarm: reason }) })
}

/** Routes for the pages of an app: without an API key, with CORS for the app's origins. */
export function authRoutes(): Hono<Env> {
  const routes = new Hono<Env>()

  routes.post('/tokens', async (c) => {
    const isAppServer = await authenticateAppServer(c)
    // Otherwise a thief could refresh here without the client's secret, which /oauth/token requires.
    if (c.get('app').client_auth !== 'none' && !isAppServer)
      throw new ApiError(
        'operation_not_allowed',
        'the client of this app must authenticate: send its client secret, or use /oauth/token',
      )
    if (!answersInCookie(c)) {
      const { refresh_token, activity } = await readBody(c, refreshRequest)
      return respond(
        c,
        {
          auth_result: await performRefresh(c, refresh_token, {
            background: activity === 'background',
            isAppServer,
            isConfidential: isAppServer,
          }),
        },
        201,
      )
    }
    // A request without a body counts as activity of the user.
    const { activity } = (await c.req.text()) ? await readBody(c, cookieRefreshRequest) : { activity: 'user' }
    const result = await performRefresh(c, readCookie(c) ?? '', {
      background: activity === 'background',
      fromCookie: true,
    })
    return c.json({ auth_result: moveToCookie(c, result) }, 201)
  })

  routes.delete('/tokens', async (c) => {
    // A sign-out without a known session is a success: there is nothing to end.
    const input: unknown = await c.req.json().catch(() => ({}))
    if (wantsCookie(c)) {
      const text = readCookie(c)
      const { session_id, reason } = parseInput(cookieSignOutRequest, input, 'the body must be a JSON object')
      const { keys, app } = c.get('session')
      const token = text === undefined ? undefined : verifyRefreshToken(keys, app.id, text)
      // If the cookie belongs to another session than the named one, somebody has signed in since. Do not end that session.
      if (token && session_id !== undefined && session_id !== formatId(token.sessionId))
        return c.body(null, 200)
      await endSession(c, text, reason)
      clearCookie(c)
    } else {
      // Passage's clients send the token in the URL. Ours send it in the body, which access logs do not contain.
      const { refresh_token, reason } = signOutRequest.safeParse(input).data ?? {}
      await endSession(c, c.req.query('refresh_token') ?? refresh_token, reason)
    }
    return c.body(null, 200)
  })

  routes.get('/.well-known/jwks.json', (c) => c.json({ keys: c.get('session').signer.jwks }))
  routes.get('/.well-known/openid-configuration', (c) => {
    const { issuer } = c.get('session')
    return c.json({ issuer, jwks_uri: `${issuer}/.well-known/jwks.json` })
  })
  routes.get('/', (c) => c.json({ app: toAppResponse(c.get('app'), allowedOrigin(c)) }))
  return routes
}
