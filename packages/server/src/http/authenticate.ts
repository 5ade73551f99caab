import type { AuthTokenClaims } from '@tokenkeep/protocol'
import { secretHash } from '../tokens/api-keys.ts'
import { consoleId } from '../operations/console-app.ts'
import { HttpError } from '../errors.ts'
import { parseId, showId } from '../store/ids.ts'
import { header, type AppContext } from './request.ts'
import { over } from '../sessions/expiry.ts'
import type { App } from '../store/apps.ts'
import type { User } from '../store/users.ts'

const bearer = (c: AppContext): string | undefined =>
  header(c, 'authorization')?.match(/^Bearer +(\S+)$/i)?.[1]

/** True where a request comes with what has the form of an API key. */
export const bringsKey = (c: AppContext): boolean => bearer(c)?.startsWith('tk1.') ?? false

export interface Person {
  readonly user: User
  readonly sessionId: Buffer
  readonly claims: AuthTokenClaims
}

/** Whoever brings an auth token of the app, whose session is still live; undefined for anybody else. */
async function personOf(c: AppContext, app: App): Promise<Person | undefined> {
  const token = bearer(c)
  const { store, directory, issuerOf, ...instance } = c.env.instance
  const signer = token && (await directory.signer(app.id))
  const now = instance.now()
  const claims = signer && signer.read(app, issuerOf(app.id), token, now)
  if (!claims) return undefined
  const [userId, sessionId] = [parseId(claims.sub)!, parseId(claims.sid)!]
  const session = await store.sessions.find(app.id, userId, sessionId)
  if (!session || over(session, now)) return undefined
  const user = await store.users.find(app.id, userId)
  return user && { user, sessionId, claims }
}

/** The person a request is from; a coded error for anybody else. */
export async function person(c: AppContext): Promise<Person> {
  const found = await personOf(c, c.get('app'))
  if (!found) throw new HttpError(401, 'invalid_access_token', 'this auth token is not accepted')
  return found
}

/**
 * Whose API key this is, of the app or of the console, as an actor; undefined for anything else. A key is looked up by
 * its hash: comparing takes no time that tells anything.
 */
export async function keyOf(c: AppContext, secret: string): Promise<string | undefined> {
  const { store, now } = c.env.instance
  if (!secret.startsWith('tk1.')) return undefined
  const hash = secretHash(secret)
  const key = await store.keys.apiKey(hash)
  if (!key || (key.app_id !== c.get('app')?.id && key.app_id !== consoleId)) return undefined
  await store.keys.useApiKey(key.app_id, hash, now())
  return `api-key:${showId(key.id)}`
}

/** Who may manage the app: holders of its API keys, and of the console's; admins who are signed in to the console. */
export async function managerOf(c: AppContext): Promise<string | undefined> {
  const token = bearer(c)
  if (bringsKey(c)) return keyOf(c, token!)
  const console = token && (await c.env.instance.directory.app(consoleId))
  const admin = console && (await personOf(c, console))
  return admin ? `admin:${admin.user.identifier}` : undefined
}
