import { ApiError } from '../errors.ts'
import { verifyClientAssertion } from '../tokens/client-assertion.ts'
import { isSecretOf } from './app-server.ts'
import { authenticateApiKey } from './authenticate.ts'
import { readClientCredentials, type Form } from './oauth-form.ts'
import type { AppContext } from './request.ts'

/** RFC 7523 section 2.2. */
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

const invalidClient = (message: string): ApiError => new ApiError('invalid_client', message)

/** Checks the client's signed assertion. It is used up. */
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

/** By what a client has authenticated itself. */
export type ClientProof = 'none' | 'client secret' | 'api key' | 'assertion'

/** An API key could open anybody's session, so it does not make its bearer the server that holds this one. */
export const provesAppServer = (proof: ClientProof): boolean =>
  proof === 'client secret' || proof === 'assertion'

/**
 * Checks that the client is the app, in the way that the app's setting `client_auth` asks for: by `client_id` alone, with a
 * client secret or an API key as its secret, or by a signed assertion (RFC 6749 section 2.3). Throws {@link ApiError}
 * `invalid_client`.
 */
export async function authenticateClient(c: AppContext, form: Form): Promise<ClientProof> {
  const { id, client_auth: needed } = c.get('app')
  const credentials = readClientCredentials(c, form)
  // RFC 7521 section 4.2: with an assertion, client_id is optional.
  const given = credentials ? credentials.id : (form['client_id'] ?? (form['client_assertion'] && id))
  if (given !== id) throw invalidClient('client_id must be the id of this app')
  // A secret is enough wherever an assertion is asked for.
  if (credentials) {
    if (await isSecretOf(c, credentials.secret)) return 'client secret'
    if (await authenticateApiKey(c, credentials.secret)) return 'api key'
    throw invalidClient('client_secret must be a client secret or an API key of this app')
  }
  if (needed === 'none') return 'none'
  if (needed === 'secret') throw invalidClient('send client_secret: this client authenticates itself')
  await checkAssertion(c, form)
  return 'assertion'
}
