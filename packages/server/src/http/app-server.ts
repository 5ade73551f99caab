import { ApiError } from '../errors.ts'
import { isClientSecret } from '../tokens/client-secrets.ts'
import { readClientCredentials } from './oauth-form.ts'
import { header, type AppContext } from './request.ts'

/**
 * Whether the app's own server sent the request: it sends a client secret of the app (HTTP Basic, RFC 6749 section 2.3.1).
 * False if the request has no credentials.
 *
 * @throws ApiError `invalid_client` if the credentials are wrong
 */
export async function authenticateAppServer(c: AppContext): Promise<boolean> {
  if (!/^Basic /i.test(header(c, 'authorization') ?? '')) return false
  const credentials = readClientCredentials(c, {})
  const { id } = c.get('app')
  const isRight = credentials?.id === id && (await isSecretOf(c, credentials.secret))
  if (!isRight || c.get('app').client_auth === 'private_key_jwt')
    throw new ApiError(
      'invalid_client',
      'send the id of this app and one of its client secrets ("tokenkeep client-secrets create"), unless the app insists on private_key_jwt',
    )
  return true
}

export const isSecretOf = async (c: AppContext, secret: string): Promise<boolean> =>
  isClientSecret(secret) && (await c.env.instance.clientSecrets.get(secret)) === c.get('app').id
