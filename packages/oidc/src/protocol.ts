import type { OAuthTokenResponse } from '@tokenkeep/core'
import * as oauth from 'oauth4webapi'
import { misconfigured, toSignInError } from './failures.ts'
import { checkIdToken, skewOf } from './id-token.ts'
import type { OidcOptions, SignInOptions } from './options.ts'
import { sender } from './request.ts'
import { STATE, type Asked } from './sign-ins.ts'

export interface Authorization {
  readonly url: string
  readonly state: string
  readonly asked: Asked
}

/** The protocol of a sign-in. It is loaded when a sign-in begins or ends: a page with a session needs none of it. */
export interface Protocol {
  discover(): Promise<oauth.AuthorizationServer>
  /** Returns the address of the provider's sign-in page (OpenID Connect Core section 3.1.2.1, RFC 7636). */
  authorize(redirectUri: string, options: SignInOptions): Promise<Authorization>
  /** Checks the parameters of a callback, and exchanges its code. Undefined: nobody is signed in at the provider. */
  exchange(
    callback: URLSearchParams,
    state: string,
    asked: Asked,
    redirectUri: string,
  ): Promise<OAuthTokenResponse | undefined>
}

export function createProtocol(options: OidcOptions): Protocol {
  const { issuer, clientId, scope = 'openid profile email offline_access', audience, resource = [] } = options
  const targets = [
    ...(audience ? [['audience', audience]] : []),
    ...[resource].flat().map((uri) => ['resource', uri]),
  ] as [string, string][]
  const http = {
    [oauth.customFetch]: sender(options.corsAdvice),
    [oauth.allowInsecureRequests]: isOnThisMachine(issuer),
  }
  let discovered: Promise<oauth.AuthorizationServer> | undefined

  const ask = async (): Promise<oauth.AuthorizationServer> => {
    if (options.metadata) return { ...options.metadata, issuer }
    if (!URL.canParse(issuer)) throw misconfigured(`${issuer} is not an issuer: it is not an absolute URL.`)
    const response = await oauth.discoveryRequest(new URL(issuer), http)
    const named = (await response
      .clone()
      .json()
      .catch(() => {})) as { issuer?: unknown } | undefined
    try {
      const metadata = await oauth.processDiscoveryResponse(new URL(issuer), response)
      if (metadata.authorization_endpoint && metadata.token_endpoint) return metadata
      throw misconfigured('The provider’s metadata lacks an authorization endpoint or a token endpoint.')
    } catch (error) {
      if ((error as { code?: string }).code !== oauth.JSON_ATTRIBUTE_COMPARISON) throw error
      throw misconfigured(`The provider calls itself ${String(named?.issuer)}, not ${issuer}.`)
    }
  }

  /** A failed discovery is repeated at the next sign-in. */
  const discover: Protocol['discover'] = () =>
    (discovered ??= ask().catch((error: unknown) => {
      discovered = undefined
      throw error
    }))

  const authorize: Protocol['authorize'] = async (
    redirectUri,
    { prompt, loginHint, maxAge, acrValues, userId, params },
  ) => {
    const { authorization_endpoint: endpoint } = await discover()
    const state = STATE + oauth.generateRandomState()
    const verifier = oauth.generateRandomCodeVerifier()
    const nonce = oauth.generateRandomNonce()
    const url = new URL(endpoint!)
    const fields = Object.entries({
      ...options.params,
      ...params,
      ...(prompt && { prompt }),
      ...(loginHint && { login_hint: loginHint }),
      ...(maxAge !== undefined && { max_age: String(maxAge) }),
      ...(acrValues && { acr_values: acrValues }),
      client_id: clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      response_mode: 'query',
      scope,
      state,
      nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    for (const [name, value] of fields) url.searchParams.set(name, value)
    for (const [name, value] of targets) url.searchParams.append(name, value)
    const isSilent = url.searchParams.get('prompt') === 'none'
    return { url: url.href, state, asked: { verifier, nonce, maxAge, acrValues, userId, isSilent } }
  }

  const exchange: Protocol['exchange'] = async (callback, state, asked, redirectUri) => {
    const server = await discover()
    const client: oauth.Client = { client_id: clientId }
    const parameters = validate(server, client, callback, state, asked)
    if (!parameters) return undefined
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.None(),
      parameters,
      redirectUri,
      asked.verifier,
      { ...http, additionalParameters: new URLSearchParams(targets) },
    )
    client[oauth.clockSkew] = await skewOf(response)
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: asked.nonce,
      requireIdToken: true,
      ...(asked.maxAge !== undefined && { maxAge: asked.maxAge }),
    })
    checkIdToken(tokens.id_token!, oauth.getValidatedIdTokenClaims(tokens)!, asked)
    return tokens as OAuthTokenResponse
  }

  return {
    discover: () => discover().catch(failing()),
    authorize: (...request) => authorize(...request).catch(failing()),
    exchange: (callback, ...rest) => exchange(callback, ...rest).catch(failing(callback.get('code') ?? '')),
  }
}

const failing =
  (code = '') =>
  (error: unknown): never => {
    throw toSignInError(error, code)
  }

/** What a provider answers to `prompt=none` if it needs the user (OpenID Connect Core section 3.1.2.6). */
const NEEDS_USER = new Set([
  'account_selection_required',
  'consent_required',
  'interaction_required',
  'login_required',
])

/** Checks the parameters of a callback. Undefined if the provider was asked without the user, and needs the user. */
function validate(
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  callback: URLSearchParams,
  state: string,
  { isSilent }: Asked,
): URLSearchParams | undefined {
  try {
    return oauth.validateAuthResponse(server, client, callback, state)
  } catch (error) {
    if (isSilent && error instanceof oauth.AuthorizationResponseError && NEEDS_USER.has(error.error))
      return undefined
    throw error
  }
}

/** True for a provider under development, which has no certificate. */
const isOnThisMachine = (issuer: string): boolean =>
  /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)/.test(issuer)
