import { settingsChange, settingsFault, type SettingsChange } from '@tokenkeep/protocol'
import { Hono } from 'hono'
import { HttpError } from '../../errors.ts'
import { body, header, type AppContext, type Env } from '../request.ts'
import { showManagedApp } from '../to-response.ts'

/** The version named by `If-Match`, or the one that is there. */
function versionOf(c: AppContext, now: number): number {
  const condition = header(c, 'if-match')
  if (condition === undefined || condition === '*') return now
  const version = condition.match(/^(?:W\/)?"(\d{1,15})"$/)?.[1]
  if (version === undefined) throw new HttpError(400, 'invalid_request', 'If-Match: "<version>"')
  return Number(version)
}

/** An app's settings, and the end of all its sessions. */
export function settingsRoutes(): Hono<Env> {
  const routes = new Hono<Env>()

  const showNow = async (c: AppContext): Promise<Response> => {
    const { store, app } = c.get('session')
    const found = (await store.apps.find(app.id))!
    c.header('etag', `"${found.version}"`)
    return c.json({ app: showManagedApp(found) })
  }
  routes.get('/', (c, next) => (c.get('actor') ? showNow(c) : next()))
  routes.get('/settings', showNow)

  routes.patch('/settings', async (c) => {
    const { store, now } = c.get('session')
    const { id } = c.get('app')
    const change = await body(c, settingsChange)
    const app = (await store.apps.find(id))!
    const changed = Object.entries(change).filter(
      ([name, value]) =>
        value !== undefined && JSON.stringify(value) !== JSON.stringify(app[name as keyof SettingsChange]),
    )
    const next = { ...app, ...Object.fromEntries(changed) }
    const fault = settingsFault(next)
    if (fault) throw new HttpError(400, 'invalid_request', fault)
    const data = {
      before: Object.fromEntries(changed.map(([name]) => [name, app[name as keyof SettingsChange]])),
      after: Object.fromEntries(changed),
    }
    const actor = c.get('actor')
    if (!(await store.apps.change(id, versionOf(c, app.version), next, data, actor, now)))
      throw new HttpError(409, 'conflict', 'somebody else changed the settings meanwhile')
    c.env.instance.directory.forget(id)
    c.set('said', { event: 'settings', changed: changed.map(([name]) => name) })
    return showNow(c)
  })

  routes.delete('/sessions', async (c) => {
    const { store, app, now } = c.get('session')
    // The next whole second: auth tokens count in seconds, and none of this one may outlive it.
    await store.apps.endSessions(app.id, (Math.floor(now / 1000) + 1) * 1000, c.get('actor'), now)
    c.env.instance.directory.forget(app.id)
    c.set('said', { event: 'not-before' })
    return c.body(null, 200)
  })
  return routes
}
