import { ApiError } from '../errors.ts'
import { verifyClientAssertion } from '../tokens/client-assertion.ts'
import { isSecretOf } from './app-server.ts'
import { authenticateApiKey } from './authenticate.ts'
import { readClientCredentials, type Form } from './oauth-form.ts'
import type { AppContext } from './request.ts'

/** By what a client has authenticated itself. */
export type ClientProof = 'api key' | 'client secret' | 'assertion'

/** RFC 7523 section 2.2. */
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

const invalidClient = (message: string): ApiError => new ApiError('invalid_client', message)

/** Checks the client's signed assertion, and uses it up. */
async function checkAssertion(c: AppContext, form: Form): Promise<void> {
  const { store, app, issuer, now } = c.get('session')
  const audiences = [issuer, `${issuer}/oauth/token`, `${issuer}/oauth/revoke`]
  const assertion =
    form['client_assertion_type'] === JWT_BEARER &&
    verifyClientAssertion(app.client_jwks.keys, app.id, audiences, form['client_assertion']!, now)
  if (!assertion || !(await store.passkeys.useHandshake(assertion.id, assertion.expiresAt)))
    throw invalidClient(
      'client_assertion: must be a JWT for this issuer, signed with a key in client_jwks, and used once',
    )
}

/**
 * Checks that the client is the app: by `client_id` alone, with a secret, or by a signed assertion (RFC 6749 section 2.3).
 * Returns how it has authenticated itself; undefined if it has not. Throws {@link ApiError} `invalid_client` if what it sent is
 * wrong.
 */
export async function authenticateClient(c: AppContext, form: Form): Promise<ClientProof | undefined> {
  const { id } = c.get('app')
  const isAssertion = form['client_assertion'] !== undefined
  const credentials = readClientCredentials(c, form)
  // RFC 7521 section 4.2: with an assertion, client_id is optional.
  const given = credentials ? credentials.id : (form['client_id'] ?? (isAssertion ? id : undefined))
  if (given !== id) throw invalidClient('client_id must be the id of this app')
  if (isAssertion) {
    await checkAssertion(c, form)
    return 'assertion'
  }
  if (!credentials) return undefined
  if (await isSecretOf(c, credentials.secret)) return 'client secret'
  if (await authenticateApiKey(c, credentials.secret)) return 'api key'
  throw invalidClient('client_secret must be one of the client secrets or API keys of this app')
}

/**
 * Checks the client in the way that the app's setting `client_auth` asks for. Returns whether it is the app's own server. Throws
 * {@link ApiError} `invalid_client`.
 */
export async function requireClient(c: AppContext, form: Form): Promise<boolean> {
  const proof = await authenticateClient(c, form)
  const { client_auth: needed } = c.get('app')
  if (needed === 'secret' && proof === undefined)
    throw invalidClient('send client_secret: the client of this app authenticates itself')
  if (needed === 'private_key_jwt' && proof !== 'assertion')
    throw invalidClient('send client_assertion: the client of this app authenticates itself with its key')
  return proof === 'client secret' || proof === 'assertion'
}
