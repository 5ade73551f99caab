import { newApiKey, rotateRequest } from '@tokenkeep/protocol'
import { Hono } from 'hono'
import { createApiKey } from '../../tokens/api-keys.ts'
import { ApiError } from '../../errors.ts'
import { grantOf } from '../scopes.ts'
import { parseId, formatId } from '../../store/ids.ts'
import { readBody, header, type Env } from '../request.ts'
import { toApiKeyResponse, toSigningKeyResponse } from '../to-response.ts'
import { dropSigningKeys, ensureSigningKeys, rotateSigningKeys } from '../../tokens/signing-keys.ts'

/** Routes of an app's signing keys and API keys. */
export function keyRoutes(): Hono<Env> {
  const routes = new Hono<Env>()

  routes.get('/signing-keys', async (c) => {
    const { store, keys, app, now } = c.get('session')
    return c.json({
      signing_keys: (await ensureSigningKeys(store, keys, app, now)).map(toSigningKeyResponse),
    })
  })
  routes.post('/signing-keys', async (c) => {
    const { store, keys, app, now } = c.get('session')
    // Without a body the algorithm stays the same.
    const { alg = app.alg, stolen = false } =
      header(c, 'content-length') === '0' || !c.req.raw.body ? {} : await readBody(c, rotateRequest)
    const actor = c.get('actor')
    const replace = stolen ? dropSigningKeys : rotateSigningKeys
    const rows = await replace(store, keys, app, { alg, actor, now })
    c.env.instance.appCache.forget(app.id)
    c.set('logFields', { event: stolen ? 'keys-dropped' : 'key-rotated', alg })
    return c.json({ signing_keys: rows.map(toSigningKeyResponse) }, 201)
  })

  routes.get('/api-keys', async (c) => {
    const { store, app } = c.get('session')
    return c.json({ api_keys: (await store.keys.listApiKeys(app.id)).map(toApiKeyResponse) })
  })
  routes.post('/api-keys', async (c) => {
    const { store, app, now } = c.get('session')
    const { name, expires_in, ...wanted } = await readBody(c, newApiKey)
    const actor = c.get('actor')
    const expiresAt = expires_in === null ? null : now + expires_in * 1000
    const granted = grantOf(actor, { ...wanted, expiresAt })
    const { id, secret } = await createApiKey(store, app.id, name, actor, now, granted)
    c.set('logFields', { event: 'api-key-created', key: formatId(id) })
    const key = (await store.keys.listApiKeys(app.id)).find((each) => each.id.equals(id))!
    return c.json({ api_key: toApiKeyResponse(key), secret }, 201)
  })
  routes.delete('/api-keys/:key', async (c) => {
    const { store, app, now } = c.get('session')
    const id = parseId(c.req.param('key'))
    const actor = c.get('actor')
    if (!id || !(await store.keys.removeApiKey(app.id, id, actor, now)))
      throw new ApiError('not_found', 'there is no such API key: list the keys again')
    c.set('logFields', { event: 'api-key-deleted', key: formatId(id) })
    return c.body(null, 200)
  })
  return routes
}
