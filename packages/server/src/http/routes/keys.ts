import { newApiKey, rotateRequest } from '@tokenkeep/protocol'
import { Hono } from 'hono'
import { createApiKey } from '../../tokens/api-keys.ts'
import { HttpError } from '../../errors.ts'
import { parseId, showId } from '../../store/ids.ts'
import { body, header, type Env } from '../request.ts'
import { showApiKey, showSigningKey } from '../to-response.ts'
import { rotateSigningKeys, signingKeys } from '../../tokens/signing-keys.ts'

/** The keys that sign an app's auth tokens, and those that manage it. */
export function keyRoutes(): Hono<Env> {
  const routes = new Hono<Env>()

  routes.get('/signing-keys', async (c) => {
    const { store, keys, app, now } = c.get('session')
    return c.json({ signing_keys: (await signingKeys(store, keys, app, now)).map(showSigningKey) })
  })
  routes.post('/signing-keys', async (c) => {
    const { store, keys, app, now } = c.get('session')
    // Without a body: the same algorithm as before.
    const { alg = app.alg } =
      header(c, 'content-length') === '0' || !c.req.raw.body ? {} : await body(c, rotateRequest)
    const actor = c.get('actor')
    const rows = await rotateSigningKeys(store, keys, app, { alg, actor, now })
    c.env.instance.directory.forget(app.id)
    c.set('said', { event: 'key-rotated', alg })
    return c.json({ signing_keys: rows.map(showSigningKey) }, 201)
  })

  routes.get('/api-keys', async (c) => {
    const { store, app } = c.get('session')
    return c.json({ api_keys: (await store.keys.apiKeys(app.id)).map(showApiKey) })
  })
  routes.post('/api-keys', async (c) => {
    const { store, app, now } = c.get('session')
    const { name } = await body(c, newApiKey)
    const actor = c.get('actor')
    const { id, secret } = await createApiKey(store, app.id, name, actor, now)
    c.set('said', { event: 'api-key-created', key: showId(id) })
    const key = { id, name, hint: secret.slice(-4), created_at: now, last_used_at: null }
    return c.json({ api_key: showApiKey(key), secret }, 201)
  })
  routes.delete('/api-keys/:key', async (c) => {
    const { store, app, now } = c.get('session')
    const id = parseId(c.req.param('key'))
    const actor = c.get('actor')
    if (!id || !(await store.keys.removeApiKey(app.id, id, actor, now)))
      throw new HttpError(404, 'not_found', 'no such API key')
    c.set('said', { event: 'api-key-deleted', key: showId(id) })
    return c.body(null, 200)
  })
  return routes
}
