import type { AuthResult } from '@tokenkeep/protocol'
import { createApiKey, createClientSecret } from '../src/index.ts'
import { prepareConsole } from '../src/operations/console-app.ts'
import { sql } from '../src/store/database.ts'
import { parseId } from '../src/store/ids.ts'
import { app, baseUrl, resultOf, type World } from './world.ts'

/** Everything that a request could change, as text. Times of last use are bookkeeping: no answer depends on them. */
export async function contentOf({ database }: World): Promise<string> {
  const rows = await Promise.all([
    database.query(sql`SELECT * FROM apps ORDER BY id`),
    database.query(sql`SELECT * FROM users ORDER BY id`),
    database.query(sql`SELECT * FROM sessions ORDER BY id`),
    database.query(sql`SELECT * FROM passkeys ORDER BY id`),
    database.query(sql`SELECT * FROM signing_keys ORDER BY kid`),
    database.query(sql`SELECT hash, id, app_id, name FROM api_keys ORDER BY id`),
    database.query(sql`SELECT * FROM invitations ORDER BY id`),
    database.query(sql`SELECT * FROM events ORDER BY id`),
    database.query(sql`SELECT * FROM revocations ORDER BY id`),
    database.query(sql`SELECT * FROM tokenkeep_webhooks ORDER BY id`),
    database.query(sql`SELECT * FROM used_handshakes ORDER BY id`),
  ])
  return JSON.stringify(rows)
}

/** Every kind of credential that somebody may hold, by what it is. Each is what follows `Bearer`. */
export type Credentials = Readonly<Record<string, string | undefined>>

/** Makes one of every kind. The app `demo` is attacked; the app `other` is the attacker's own. */
export async function makeCredentials(world: World): Promise<Credentials> {
  const { store, now } = world
  await store.apps.add('other', { ...app, name: 'Other' }, 'system', now)
  await prepareConsole(store, baseUrl, now)
  const { secret: consoleKey } = await createApiKey(store, 'console', 'tests', 'system', now)
  const manage = (id: string, method: string, path: string, body?: object) =>
    world.ask(method, `//v1/apps/${id}${path}`, body, { authorization: `Bearer ${consoleKey}` })
  let people = 0
  const signIn = async (id: string): Promise<AuthResult> => {
    const made = await manage(id, 'POST', '/users', { identifier: `hostile-${people++}` })
    const { user } = (await made.json()) as { user: { id: string } }
    return resultOf(manage(id, 'POST', `/users/${user.id}/sessions`))
  }
  const deactivated = async (id: string): Promise<string> => {
    const { user_id, auth_token } = await signIn(id)
    await manage(id, 'PATCH', `/users/${user_id}/deactivate`)
    return auth_token
  }
  const signedOut = async (id: string): Promise<string> => {
    const { user_id, session_id, auth_token } = await signIn(id)
    await manage(id, 'DELETE', `/users/${user_id}/sessions/${session_id}`)
    return auth_token
  }
  const removedKey = await createApiKey(store, 'demo', 'removed', 'system', now)
  await store.keys.removeApiKey('demo', removedKey.id, 'system', now)
  const user = await signIn('demo')
  return {
    'no key': undefined,
    'a wrong key': `tk1.${'A'.repeat(43)}`,
    'a revoked key': removedKey.secret,
    'a key of another app': (await createApiKey(store, 'other', 'tests', 'system', now)).secret,
    'a key of the app': world.key,
    'a key of the Console': consoleKey,
    'a client secret of the app': (await createClientSecret(store, 'demo', 'tests', 'system', now)).secret,
    'the refresh token of a user': user.refresh_token,
    'the auth token of a user': user.auth_token,
    'the auth token of a user of another app': (await signIn('other')).auth_token,
    'the auth token of a deactivated user': await deactivated('demo'),
    'the auth token of an ended session': await signedOut('demo'),
    'the auth token of an admin': (await signIn('console')).auth_token,
    'the auth token of a deactivated admin': await deactivated('console'),
    'the auth token of an admin who has signed out': await signedOut('console'),
    'a forged token': `${user.auth_token.slice(0, -4)}AAAA`,
  }
}

/** A new user of the app `demo` with something of every kind, by the name of the path parameter. */
export async function makeVictim(world: World): Promise<Readonly<Record<string, string>>> {
  const { store, now } = world
  const { userId, sessionId } = await world.signIn()
  const id = `passkey-of-${userId}`
  const passkey = { user_id: parseId(userId)!, public_key: new Uint8Array([1]), counter: 0 }
  for (const each of [id, `${id}-2`])
    await store.passkeys.add('demo', { ...passkey, id: each }, 0, 'user', now)
  const key = await createApiKey(store, 'demo', 'of the victim', 'system', now)
  const invited = await world.manage('POST', '/invitations', {})
  const { invitation } = (await invited.json()) as { invitation: { id: string } }
  const hooked = await world.manage('POST', '/webhooks', { url: 'https://hooks.example/' })
  const { webhook } = (await hooked.json()) as { webhook: { id: string } }
  return {
    app: 'demo',
    user: userId,
    session: sessionId,
    device: id,
    key: key.id.toString('base64url'),
    invitation: invitation.id,
    webhook: webhook.id,
  }
}
