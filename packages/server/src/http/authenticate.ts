import { scope, type AuthTokenClaims, type Scope } from '@tokenkeep/protocol'
import { addressRanges } from '../address-ranges.ts'
import { ApiError } from '../errors.ts'
import { CONSOLE_APP_ID } from '../operations/console-app.ts'
import { endReasonOf } from '../sessions/expiry.ts'
import type { App } from '../store/apps.ts'
import { formatId, parseId } from '../store/ids.ts'
import type { User } from '../store/users.ts'
import { hashSecret } from '../tokens/api-keys.ts'
import { authenticatedAt } from '../tokens/assurance.ts'
import { checkProof, dpopChallenge, proofText } from './dpop.ts'
import { header, sourceOf, type AppContext, type Manager } from './request.ts'
import { scopesOfRole } from './scopes.ts'

/** The token of the request, and whether it has the scheme `DPoP` (RFC 9449 section 7.1) instead of `Bearer`. */
function credentials(c: AppContext): { token: string; isDpop: boolean } | undefined {
  const [, scheme, token] = header(c, 'authorization')?.match(/^(Bearer|DPoP) +(\S+)$/i) ?? []
  return token === undefined ? undefined : { token, isDpop: scheme!.length === 4 }
}

const bearerToken = (c: AppContext): string | undefined => {
  const { token, isDpop } = credentials(c) ?? {}
  return isDpop ? undefined : token
}

/** True if the bearer token of the request has the form of an API key. It need not be valid. */
export const hasApiKey = (c: AppContext): boolean => bearerToken(c)?.startsWith('tk1.') ?? false

export interface AuthenticatedUser {
  readonly user: User
  readonly sessionId: Buffer
  readonly claims: AuthTokenClaims
  /** When the user last authenticated in this session. Milliseconds since the epoch. */
  readonly authenticatedAt: number
}

/**
 * Whether the request proves the key that its token is bound to. A bound token is no bearer token (RFC 9449 section 7.2), and an
 * unbound one gets no more trust by a proof. Throws {@link ApiError} `invalid_access_token` with a challenge if the proof is wrong.
 */
function isProven(c: AppContext, app: App, token: string, isDpop: boolean, jkt: string | undefined): boolean {
  if (jkt === undefined || !isDpop) return jkt === undefined && !isDpop
  try {
    return checkProof(c, proofText(c) ?? '', app.id, { token }) === jkt
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const headers = { ...error.headers, 'www-authenticate': dpopChallenge(error.code) }
    throw new ApiError('invalid_access_token', error.message, { headers })
  }
}

/** Finds the user of the request's auth token. Undefined if the token is not of this app or its session has ended. */
async function findUser(c: AppContext, app: App): Promise<AuthenticatedUser | undefined> {
  const { token, isDpop = false } = credentials(c) ?? {}
  const { store, appCache, issuerOf, ...instance } = c.env.instance
  const signer = token && (await appCache.signer(app.id))
  const now = instance.now()
  const claims = signer && signer.verify(app, issuerOf(app.id), token, now)
  if (!claims || !isProven(c, app, token!, isDpop, claims.cnf?.jkt)) return undefined
  const [userId, sessionId] = [parseId(claims.sub)!, parseId(claims.sid)!]
  // The user first: if the session is live afterwards, it was live when the user had this epoch.
  const user = await store.users.find(app.id, userId)
  const session = user && (await store.sessions.find(app.id, userId, sessionId))
  if (!session || endReasonOf(session, now)) return undefined
  return { user, sessionId, claims, authenticatedAt: authenticatedAt(session) }
}

/** Returns the user of the request's auth token. Throws {@link ApiError} `invalid_access_token` if there is none. */
export async function requireUser(c: AppContext): Promise<AuthenticatedUser> {
  const found = await findUser(c, c.get('app'))
  if (!found)
    throw new ApiError('invalid_access_token', 'this auth token is not accepted: refresh it or sign in')
  return found
}

/** Whether the address is one of these, or in one of these ranges. An empty list is everywhere. */
const isFrom = (address: string | undefined, allowed: readonly string[]): boolean =>
  !allowed.length || (address !== undefined && addressRanges(allowed)(address) === true)

/**
 * Returns the manager of an API key of the app or of the Console, or undefined if the secret is not such a key. The key is found
 * by the hash of its secret, so the duration of the comparison reveals nothing. Throws {@link ApiError} `operation_not_allowed`
 * if the key may not be used from here.
 */
export async function authenticateApiKey(c: AppContext, secret: string): Promise<Manager | undefined> {
  const { store, now } = c.env.instance
  if (!secret.startsWith('tk1.')) return undefined
  const hash = hashSecret(secret)
  const key = await store.keys.findApiKey(hash)
  if (!key || (key.app_id !== c.get('app')?.id && key.app_id !== CONSOLE_APP_ID)) return undefined
  if (key.expires_at !== null && key.expires_at <= now()) return undefined
  const { address } = c.env
  const addresses = JSON.parse(key.addresses) as string[]
  if (!isFrom(address, addresses))
    throw new ApiError('operation_not_allowed', 'this API key is not for use from this address')
  // The time of the last use is only for display: no response waits for this write or fails with it.
  store.keys.recordApiKeyUse(key.app_id, hash, address ?? null, now()).catch(() => undefined)
  const scopes = key.scopes === null ? scope.options : (JSON.parse(key.scopes) as Scope[])
  return {
    ...sourceOf(c, `api-key:${formatId(key.id)}`, key.name),
    scopes,
    key: { expires_at: key.expires_at, addresses },
  }
}

/** Returns the actor who can manage the app: an API key of the app or the Console, or an admin signed in to the Console. */
export async function authenticateManager(c: AppContext): Promise<Manager | undefined> {
  const token = bearerToken(c)
  if (hasApiKey(c)) return authenticateApiKey(c, token!)
  const consoleApp = token && (await c.env.instance.appCache.app(CONSOLE_APP_ID))
  const admin = consoleApp ? await findUser(c, consoleApp) : undefined
  if (!admin) return undefined
  const { id, identifier, role } = admin.user
  const scopes = scopesOfRole(role ?? 'owner', c.get('app')?.id)
  const source = sourceOf(c, `admin:${formatId(id)}`, identifier)
  return { ...source, scopes, authenticatedAt: admin.authenticatedAt }
}
