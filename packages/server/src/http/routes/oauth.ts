import { oauthRefreshRequest, oauthTokenQuestion } from '@tokenkeep/protocol'
import { Hono } from 'hono'
import { HttpError } from '../../errors.ts'
import { keyOf } from '../authenticate.ts'
import { introspect } from '../../sessions/introspect.ts'
import { clientSecret, parameters, readForm, type Form } from '../oauth-form.ts'
import { renew } from '../refresh-request.ts'
import { answer, header, type AppContext, type Env } from '../request.ts'
import { signOut } from '../../sessions/refresh.ts'

const invalidClient = (): HttpError =>
  new HttpError(
    401,
    'invalid_client',
    'client_id must be the id of this app, and a secret one of its API keys',
  )

/** The client is the app: it names itself, or proves itself with an API key as its secret. Returns whether it did. */
async function identify(c: AppContext, form: Form): Promise<boolean> {
  const { id } = c.get('app')
  const proof = clientSecret(c, form)
  if ((proof ? proof.id : form['client_id']) !== id) throw invalidClient()
  if (proof && !(await keyOf(c, proof.secret))) throw invalidClient()
  return proof !== undefined
}

/** OAuth 2.0 for any standard client or gateway: RFC 6749 section 6, RFC 7009, RFC 7662. */
export function oauthRoutes(): Hono<Env> {
  const routes = new Hono<Env>()

  routes.post('/oauth/token', async (c) => {
    const form = await readForm(c)
    await identify(c, form)
    if (form['grant_type'] !== undefined && form['grant_type'] !== 'refresh_token')
      throw new HttpError(400, 'unsupported_grant_type', 'the grant type must be refresh_token')
    const { refresh_token, scope } = parameters(form, oauthRefreshRequest)
    if (scope !== undefined) throw new HttpError(400, 'invalid_scope', 'tokens of this server carry no scope')
    const result = await renew(c, refresh_token)
    return answer(c, {
      access_token: result.auth_token,
      token_type: 'Bearer',
      expires_in: Math.floor(result.auth_token_expires_in),
      refresh_token: result.refresh_token,
      refresh_token_expires_in: result.refresh_token_expiration! - Math.floor(c.get('session').now / 1000),
    })
  })

  routes.post('/oauth/revoke', async (c) => {
    const form = await readForm(c)
    await identify(c, form)
    // RFC 7009 section 2.2: a token that is not ours is as good as revoked. Refresh tokens only: an auth token ends by itself.
    await signOut(c.get('session'), parameters(form, oauthTokenQuestion).token)
    return c.body(null, 200)
  })

  routes.post('/oauth/introspect', async (c) => {
    const form = await readForm(c)
    const bearer = /^Bearer (.+)$/i.exec(header(c, 'authorization') ?? '')?.[1]
    const proven = bearer === undefined ? await identify(c, form) : (await keyOf(c, bearer)) !== undefined
    if (!proven) throw new HttpError(401, 'invalid_client', 'an API key of this app is needed')
    return c.json(await introspect(c.get('session'), parameters(form, oauthTokenQuestion).token))
  })
  // And after it, where many clients look.
  routes.get('/.well-known/oauth-authorization-server', (c) => c.json(metadata(c.get('session').issuer)))
  return routes
}

/** RFC 8414 section 2. No authorization endpoint: people sign in by passkey, or at the app's own backend. */
const metadata = (issuer: string) => ({
  issuer,
  jwks_uri: `${issuer}/.well-known/jwks.json`,
  token_endpoint: `${issuer}/oauth/token`,
  revocation_endpoint: `${issuer}/oauth/revoke`,
  introspection_endpoint: `${issuer}/oauth/introspect`,
  grant_types_supported: ['refresh_token'],
  response_types_supported: [],
  token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
  revocation_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
  introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
})

/** Where RFC 8414 section 3.1 puts the metadata of an issuer with a path: before the path, at the root of the host. */
export function metadataRoutes(): Hono<Env> {
  const routes = new Hono<Env>()
  routes.get('/.well-known/oauth-authorization-server/v1/apps/:app', async (c) => {
    const { directory, issuerOf } = c.env.instance
    const app = await directory.app(c.req.param('app'))
    if (!app) throw new HttpError(404, 'app_not_found', 'no such app')
    c.header('access-control-allow-origin', '*')
    return c.json(metadata(issuerOf(app.id)))
  })
  return routes
}
