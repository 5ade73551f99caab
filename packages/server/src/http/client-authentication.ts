import type { Scope } from '@tokenkeep/protocol'
import { ApiError } from '../errors.ts'
import { verifyClientAssertion } from '../tokens/client-assertion.ts'
import { isClientSecret } from '../tokens/client-secrets.ts'
import { authenticateApiKey } from './authenticate.ts'
import { readClientCredentials, type Form } from './oauth-form.ts'
import { header, type AppContext } from './request.ts'
import { requireScope } from './scopes.ts'

/** RFC 7523 section 2.2. */
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

const invalidClient = (message: string): ApiError => new ApiError('invalid_client', message)

/** Checks the client's signed assertion, and uses it up. */
async function checkAssertion(c: AppContext, form: Form): Promise<void> {
  const { store, app, issuer, now } = c.get('session')
  const refused = invalidClient(
    'client_assertion: must be a JWT for this issuer, signed with a key in client_jwks, and used once',
  )
  if (form['client_assertion_type'] !== JWT_BEARER) throw refused
  const audiences = [issuer, `${issuer}/oauth/token`, `${issuer}/oauth/revoke`]
  const text = form['client_assertion'] ?? ''
  const assertion = verifyClientAssertion(app.client_jwks.keys, app.id, audiences, text, now)
  if (!assertion || !(await store.passkeys.useHandshake(assertion.id, assertion.expiresAt))) throw refused
}

/** How a client has authenticated itself. An API key manages the app; the others only prove that the client is the app. */
export type ClientAuthentication = 'none' | 'api_key' | 'client_secret' | 'private_key_jwt'

async function checkSecret(c: AppContext, secret: string, needed: Scope): Promise<ClientAuthentication> {
  if (isClientSecret(secret) && (await c.env.instance.clientSecrets.get(secret)) === c.get('app').id) {
    if (c.get('app').client_auth !== 'private_key_jwt') return 'client_secret'
    throw invalidClient('send a client_assertion: this app does not accept client secrets')
  }
  const manager = await authenticateApiKey(c, secret)
  if (manager) return (requireScope(manager, needed), 'api_key')
  throw invalidClient('client_secret must be a client secret or an API key of this app')
}

/**
 * Checks that the client is the app, in the way that the app's setting `client_auth` asks for: by `client_id` alone, with a
 * client secret or an API key with the scope, or by a signed assertion (RFC 6749 section 2.3). Throws {@link ApiError} `invalid_client`.
 */
export async function authenticateClient(
  c: AppContext,
  form: Form,
  scopeOfKey: Scope = 'sessions:create',
): Promise<ClientAuthentication> {
  const { id, client_auth: needed } = c.get('app')
  const credentials = readClientCredentials(c, form)
  // RFC 7521 section 4.2: with an assertion, client_id is optional.
  const given = credentials ? credentials.id : (form['client_id'] ?? (form['client_assertion'] && id))
  if (given !== id) throw invalidClient('client_id must be the id of this app')
  // An API key manages the app, so it is enough even if the app asks for an assertion.
  if (credentials) return checkSecret(c, credentials.secret, scopeOfKey)
  if (needed === 'none') return 'none'
  if (needed === 'secret') throw invalidClient('send client_secret: this client must authenticate')
  await checkAssertion(c, form)
  return 'private_key_jwt'
}

/** Whether the app's own server sent the request. An API key does not prove that: it could open anybody's session. */
export const isAppServer = (authentication: ClientAuthentication): boolean =>
  authentication === 'client_secret' || authentication === 'private_key_jwt'

/**
 * Whether the app's own server sent a request in JSON: it sends a client secret of the app (HTTP Basic, RFC 6749 section
 * 2.3.1). False if the request has no credentials. Throws {@link ApiError} `invalid_client` if they are wrong.
 */
export async function authenticateAppServer(c: AppContext): Promise<boolean> {
  if (!/^Basic /i.test(header(c, 'authorization') ?? '')) return false
  if ((await authenticateClient(c, {})) === 'client_secret') return true
  throw invalidClient('send a client secret, not an API key: "tokenkeep client-secrets create" prints one')
}
