import { handshakeFinish, newClaim, signInRequest, signUpRequest } from '@tokenkeep/protocol'
import { Hono } from 'hono'
import { formatId } from '../../store/ids.ts'
import type { Authentication } from '../../store/session-row.ts'
import { finishSignIn, startSignIn } from '../../sessions/passkey-sign-in.ts'
import { finishSignUp, startSignUp } from '../../sessions/sign-up.ts'
import { claim, lookUp } from '../../sessions/user-lookup.ts'
import { provenKey } from '../dpop.ts'
import { clientInfo, readBody, readOptionalBody, type AppContext, type Env } from '../request.ts'
import { answersInCookie, moveToCookie, readCookie } from '../session-cookie.ts'
import { openSession } from '../../sessions/sign-in.ts'
import { signOut } from '../../sessions/sign-out.ts'

interface Proven {
  readonly userId: Buffer
  readonly authentication?: Authentication
}

/** Routes for sign-up and sign-in with a passkey (WebAuthn), and those that tell whether a user exists. */
export function passkeyRoutes(): Hono<Env> {
  const routes = new Hono<Env>()

  const finishCeremony =
    (event: 'sign-up' | 'sign-in', prove: (c: AppContext) => Promise<Proven>) =>
    async (c: AppContext): Promise<Response> => {
      // The origin and the proof are checked first, so that a page of another origin or a wrong clock does not use up the ceremony.
      const inCookie = answersInCookie(c)
      const jkt = provenKey(c)
      const { userId, authentication } = await prove(c)
      const result = await openSession(c.get('session'), userId, clientInfo(c), { jkt, authentication })
      c.env.instance.counts.add(c.get('app').id, 'sign_ins')
      c.set('logFields', { event, user: formatId(userId), by: 'passkey' })
      if (!inCookie) return c.json({ auth_result: result })
      // The new cookie replaces the old one. End the old session, because no client would have its token.
      const before = readCookie(c)
      if (before !== undefined) await signOut(c.get('session'), before)
      return c.json({ auth_result: moveToCookie(c, result) })
    }

  routes.get('/users', async (c) => {
    const { limits } = c.env.instance
    limits.checkNames(c.env.address)
    const found = await lookUp(c.get('session'), c.req.query('identifier') ?? '')
    if (!found) limits.countName(c.env.address)
    return c.json({ user: found ?? null })
  })
  routes.post('/users', async (c) => {
    const { limits } = c.env.instance
    limits.checkNames(c.env.address)
    const { identifier } = await readBody(c, newClaim)
    const user = await claim(c.get('session'), identifier)
    limits.countName(c.env.address)
    return c.json({ user }, 201)
  })

  routes.post('/register/webauthn/start', async (c) => {
    const wanted = await readBody(c, signUpRequest)
    const { limits } = c.env.instance
    limits.checkNames(c.env.address)
    limits.countStart(c.env.address, 'sign-up')
    return c.json(await startSignUp(c.get('session'), wanted))
  })
  routes.post(
    '/register/webauthn/finish',
    finishCeremony('sign-up', async (c) => {
      const { handshake_id, handshake_response, user_id } = await readBody(c, handshakeFinish)
      // A new passkey signs nothing here, as nothing attests it: how its user authenticates is not known yet.
      return { userId: await finishSignUp(c.get('session'), handshake_id, handshake_response, user_id) }
    }),
  )
  routes.post('/login/webauthn/start', async (c) => {
    const { identifier } = await readOptionalBody(c, signInRequest)
    const { limits } = c.env.instance
    // Without a name, the response does not tell whether a user exists.
    if (identifier !== undefined) limits.checkNames(c.env.address)
    limits.countStart(c.env.address, 'sign-in')
    return c.json(await startSignIn(c.get('session'), identifier))
  })
  routes.post(
    '/login/webauthn/finish',
    finishCeremony('sign-in', async (c) => {
      const { handshake_id, handshake_response } = await readBody(c, handshakeFinish)
      return finishSignIn(c.get('session'), handshake_id, handshake_response)
    }),
  )
  return routes
}
