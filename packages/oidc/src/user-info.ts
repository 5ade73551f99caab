import { TokenError, type Claims } from '@tokenkeep/core'
import { SignInError } from './errors.ts'
import { misconfigured, ofStatus } from './failures.ts'
import type { OidcManager } from './api.ts'
import type { ProviderMetadata, UserInfoOptions } from './options.ts'
import { explain, sender } from './request.ts'

const accept = 'application/json'

/** Asks for the claims of the user who is signed in, and compares the user (OpenID Connect Core section 5.3.2). */
export async function fetchUserInfo(
  auth: OidcManager,
  { userinfo_endpoint: url }: Pick<ProviderMetadata, 'userinfo_endpoint'>,
  corsAdvice: string | undefined,
  { fetch }: UserInfoOptions,
): Promise<Claims> {
  if (!url) throw misconfigured('The provider’s metadata has no userinfo_endpoint.')
  const send = sender(corsAdvice)
  const ask = (token: string): Promise<Response> =>
    send(url, { method: 'GET', headers: { accept, authorization: `Bearer ${token}` } })
  const token = await auth.getAuthToken()
  const userId = auth.session()?.userId
  let response: Response
  if (fetch) response = await fetch(url, { headers: { accept } }).catch(explain(url, corsAdvice))
  else {
    response = await ask(token)
    // Some providers end an access token before it expires. So one refresh is tried, as for any API.
    if (response.status === 401) response = await ask(await auth.getAuthToken({ rejected: token }))
  }
  const claims = await read(response)
  if (auth.session()?.userId !== userId) throw new TokenError('session-changed')
  if (claims.sub === userId) return claims
  throw new SignInError('untrusted', {
    claim: 'sub',
    cause: new Error('The userinfo is about another user, or does not say about whom.'),
  })
}

async function read(response: Response): Promise<Claims> {
  const { status } = response
  if (status === 401 || status === 403)
    throw misconfigured(
      `The provider refuses the access token (${status}). Ask for the scope openid. A token for a resource or an audience may not be good for the userinfo.`,
    )
  if (/^application\/jwt/i.test(response.headers.get('content-type') ?? ''))
    throw misconfigured(
      'The provider signs its userinfo. Switch that off for this client (userinfo_signed_response_alg): TLS protects the answer.',
    )
  const claims: unknown = response.ok ? await response.json().catch(() => {}) : undefined
  if (!claims || typeof claims !== 'object') throw ofStatus(status)
  return claims as Claims
}
