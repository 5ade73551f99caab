import { passkeyAddition, passkeyChange, passkeyCreation } from '@tokenkeep/protocol'
import { Hono } from 'hono'
import { ApiError } from '../../errors.ts'
import { finishAdding, startAdding } from '../../sessions/add-passkey.ts'
import { formatId } from '../../store/ids.ts'
import { requireUser } from '../authenticate.ts'
import { requireRecentSignIn } from '../recent-sign-in.ts'
import { header, readBody, readOptionalBody, type AppContext, type Env } from '../request.ts'
import { toPasskeyResponse } from '../to-response.ts'

const unknownPasskey = (): ApiError =>
  new ApiError('device_not_found', 'there is no such passkey: list the passkeys again')

/**
 * Returns the user who changes their passkeys, and who must have authenticated recently. Otherwise, a thief of an auth token could add
 * a passkey, and sign in with it for ever.
 */
async function requireOwner(c: AppContext) {
  const owner = await requireUser(c)
  if (c.get('app').passkey_changes === 'recent-sign-in')
    requireRecentSignIn(owner.authenticatedAt, c.env.instance.now())
  return owner
}

/** Routes with which signed-in users see, name, add and remove their own passkeys. */
export function ownPasskeyRoutes(): Hono<Env> {
  const routes = new Hono<Env>()
  const path = '/currentuser/devices'

  routes.get(path, async (c) => {
    const { store, app } = c.get('session')
    const { user } = await requireUser(c)
    return c.json({ devices: (await store.passkeys.list(app.id, user.id)).map(toPasskeyResponse) })
  })
  routes.post(`${path}/start`, async (c) => {
    const { user } = await requireOwner(c)
    const { authenticator_attachment: attachment } = await readOptionalBody(c, passkeyAddition)
    // Passage's clients before 4.0 do not decode these ids, so that the browser throws a TypeError.
    const excludes = header(c, 'passage-version') === undefined
    return c.json(await startAdding(c.get('session'), user, { attachment, excludes }))
  })
  routes.post(`${path}/finish`, async (c) => {
    const { user } = await requireOwner(c)
    const { handshake_id, handshake_response } = await readBody(c, passkeyCreation)
    const passkey = await finishAdding(c.get('session'), user, handshake_id, handshake_response)
    c.set('logFields', { event: 'passkey-added', user: formatId(user.id) })
    return c.json({ device: toPasskeyResponse(passkey) }, 201)
  })
  routes.patch(`${path}/:device`, async (c) => {
    const { store, app } = c.get('session')
    const { user } = await requireUser(c)
    const { friendly_name } = await readBody(c, passkeyChange)
    const passkey = await store.passkeys.rename(app.id, user.id, c.req.param('device'), friendly_name)
    if (!passkey) throw unknownPasskey()
    return c.json({ device: toPasskeyResponse(passkey) })
  })
  routes.delete(`${path}/:device`, async (c) => {
    const { store, app, now, by } = c.get('session')
    const { user } = await requireOwner(c)
    const id = c.req.param('device')
    if (!(await store.passkeys.removeOwn(app.id, user.id, id, by('user'), now)))
      throw (await store.passkeys.list(app.id, user.id)).some((passkey) => passkey.id === id)
        ? new ApiError('conflict', 'this is your only passkey: add another one first')
        : unknownPasskey()
    c.set('logFields', { event: 'passkey-removed', user: formatId(user.id) })
    return c.body(null, 200)
  })
  return routes
}
