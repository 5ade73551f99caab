import { reauthentication } from '@tokenkeep/protocol'
import { Hono } from 'hono'
import { finishReauthentication, startReauthentication } from '../../sessions/reauthenticate.ts'
import { formatId } from '../../store/ids.ts'
import { requireUser } from '../authenticate.ts'
import { readBody, type Env } from '../request.ts'

/** Routes with which signed-in users authenticate again in their session (RFC 9470). */
export function reauthenticationRoutes(): Hono<Env> {
  const routes = new Hono<Env>()
  const path = '/currentuser/reauthentication'

  routes.post(`${path}/start`, async (c) => {
    const signedIn = await requireUser(c)
    c.env.instance.limits.countStart(c.env.address, 'sign-in')
    return c.json(await startReauthentication(c.get('session'), signedIn))
  })
  routes.post(`${path}/finish`, async (c) => {
    const signedIn = await requireUser(c)
    const { handshake_id, handshake_response } = await readBody(c, reauthentication)
    const authentication = await finishReauthentication(
      c.get('session'),
      signedIn,
      handshake_id,
      handshake_response,
    )
    c.set('logFields', { event: 'reauthenticated', session: formatId(signedIn.sessionId) })
    return c.json({ authentication })
  })
  return routes
}
