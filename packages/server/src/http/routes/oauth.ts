import { oauthRefreshRequest, oauthTokenQuestion } from '@tokenkeep/protocol'
import { Hono } from 'hono'
import { ApiError } from '../../errors.ts'
import { authenticateApiKey } from '../authenticate.ts'
import { authenticateClient, isAppServer } from '../client-authentication.ts'
import { introspect } from '../../sessions/introspect.ts'
import { provenKeyOrNone } from '../dpop.ts'
import { parseParameters, readForm } from '../oauth-form.ts'
import { PROOF_ALGORITHMS } from '../../tokens/dpop-proof.ts'
import { performRefresh } from '../refresh-request.ts'
import { header, type Env } from '../request.ts'
import { respond } from '../response.ts'
import { requireScope } from '../scopes.ts'
import { signOut } from '../../sessions/sign-out.ts'
import { unusedLifetime } from '../../sessions/token-response.ts'
import type { App } from '../../store/apps.ts'

/** Routes of the OAuth 2.0 dialect, for standard clients and gateways: RFC 6749 section 6, RFC 7009, RFC 7662. */
export function oauthRoutes(): Hono<Env> {
  const routes = new Hono<Env>()

  routes.post('/oauth/token', async (c) => {
    const form = await readForm(c)
    const authentication = await authenticateClient(c, form)
    if (c.get('app').storage === 'cookie')
      throw new ApiError('unauthorized_client', 'this app keeps refresh tokens in cookies only')
    if (form['grant_type'] !== undefined && form['grant_type'] !== 'refresh_token')
      throw new ApiError('unsupported_grant_type', 'the grant type must be refresh_token')
    const { refresh_token, scope } = parseParameters(form, oauthRefreshRequest)
    if (scope !== undefined) throw new ApiError('invalid_scope', 'tokens have no scope here: do not send one')
    const result = await performRefresh(c, refresh_token, {
      isAppServer: isAppServer(authentication),
      isConfidential: authentication !== 'none',
    })
    return respond(c, {
      access_token: result.auth_token,
      token_type: result.token_type ?? 'Bearer',
      expires_in: Math.floor(result.auth_token_expires_in),
      refresh_token: result.refresh_token,
      refresh_token_expires_in: unusedLifetime(result),
    })
  })

  routes.post('/oauth/revoke', async (c) => {
    const form = await readForm(c)
    await authenticateClient(c, form)
    // RFC 7009 section 2.2: an unknown token is a success. Only refresh tokens are revoked; an auth token expires by itself.
    const { token } = parseParameters(form, oauthTokenQuestion)
    await signOut(c.get('session'), token, { jkt: provenKeyOrNone(c) })
    return c.body(null, 200)
  })

  routes.post('/oauth/introspect', async (c) => {
    const form = await readForm(c)
    const bearer = /^Bearer (.+)$/i.exec(header(c, 'authorization') ?? '')?.[1]
    const refused = new ApiError('invalid_client', 'send an API key of this app as the secret')
    if (bearer !== undefined) {
      const manager = await authenticateApiKey(c, bearer)
      if (!manager) throw refused
      requireScope(manager, 'introspect')
    } else if ((await authenticateClient(c, form, 'introspect')) !== 'api_key') throw refused
    return c.json(await introspect(c.get('session'), parseParameters(form, oauthTokenQuestion).token))
  })
  // Many clients append the well-known path to the issuer.
  routes.get('/.well-known/oauth-authorization-server', (c) =>
    c.json(metadata(c.get('session').issuer, c.get('app'))),
  )
  return routes
}

const ASSERTION_ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256', 'RS256']
const SECRETS = ['client_secret_basic', 'client_secret_post'] as const
/** The ways in which the client of an app can authenticate itself. */
const methodsOf = ({ client_auth }: App): string[] =>
  client_auth === 'secret' ? [...SECRETS] : [client_auth, ...SECRETS]

/** Authorization server metadata (RFC 8414 section 2). There is no authorization endpoint: users sign in with a passkey or at the app's backend. */
const metadata = (issuer: string, app: App) => ({
  issuer,
  jwks_uri: `${issuer}/.well-known/jwks.json`,
  token_endpoint: `${issuer}/oauth/token`,
  revocation_endpoint: `${issuer}/oauth/revoke`,
  introspection_endpoint: `${issuer}/oauth/introspect`,
  grant_types_supported: ['refresh_token'],
  response_types_supported: [],
  token_endpoint_auth_methods_supported: methodsOf(app),
  revocation_endpoint_auth_methods_supported: methodsOf(app),
  ...(app.client_auth === 'private_key_jwt' && {
    token_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
    revocation_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
  }),
  introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  ...(app.binding !== 'off' && { dpop_signing_alg_values_supported: PROOF_ALGORITHMS }),
})

/** RFC 8414 section 3.1: the metadata of an issuer with a path is at the root of the host, before that path. */
export function metadataRoutes(): Hono<Env> {
  const routes = new Hono<Env>()
  routes.get('/.well-known/oauth-authorization-server/v1/apps/:app', async (c) => {
    const { appCache, issuerOf } = c.env.instance
    const app = await appCache.app(c.req.param('app'))
    if (!app) throw new ApiError('app_not_found', 'there is no such app: check the id in the URL')
    c.header('access-control-allow-origin', '*')
    return c.json(metadata(issuerOf(app.id), app))
  })
  return routes
}
