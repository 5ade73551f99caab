import { isMetadataValue, metadataChange } from '@tokenkeep/protocol'
import { Hono } from 'hono'
import { ApiError } from '../../errors.ts'
import type { App } from '../../store/apps.ts'
import { requireUser } from '../authenticate.ts'
import { readBody, type Env } from '../request.ts'
import { toUserResponse } from '../to-response.ts'

type Metadata = Readonly<Record<string, unknown>>

/**
 * The fields that differ. Users can change those of the app's `user_metadata_schema`; a form may send the others along
 * unchanged. Throws {@link ApiError}.
 */
function changesOf({ user_metadata_schema }: App, before: Metadata, after: Metadata): Metadata {
  const changed = Object.entries(after).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]),
  )
  for (const [name, value] of changed) {
    const field = user_metadata_schema.find(({ field_name }) => field_name === name)
    if (!field)
      throw new ApiError(
        'operation_not_allowed',
        `user_metadata.${name}: only a backend can change this field, unless it is in user_metadata_schema`,
      )
    if (!isMetadataValue(field.type, value))
      throw new ApiError(
        'invalid_request',
        `user_metadata.${name}: must be a value of the type ${field.type}`,
      )
  }
  return Object.fromEntries(changed)
}

/** Routes with which signed-in users see their metadata, and change the fields that the app lets them change. */
export function ownMetadataRoutes(): Hono<Env> {
  const routes = new Hono<Env>()
  const path = '/currentuser/user-metadata'

  routes.get(path, async (c) => {
    const { user } = await requireUser(c)
    return c.json({ user_metadata: JSON.parse(user.metadata) as Metadata })
  })
  routes.patch(path, async (c) => {
    const { store, app, now, by } = c.get('session')
    const { user } = await requireUser(c)
    const { user_metadata } = await readBody(c, metadataChange)
    const before = JSON.parse(user.metadata) as Metadata
    const metadata = JSON.stringify({ ...before, ...changesOf(app, before, user_metadata) })
    if (metadata !== user.metadata) await store.users.change(app.id, user.id, { metadata }, by('user'), now)
    const passkeys = await store.passkeys.list(app.id, user.id)
    return c.json({ user: toUserResponse((await store.users.find(app.id, user.id))!, passkeys) })
  })
  return routes
}
