import type { OidcOptions } from './options.ts'

/** The options of a provider. Add the client id, and what differs in your app. */
export type Preset = Omit<OidcOptions, 'clientId'>

/**
 * Auth0. `domain`: such as `shop.eu.auth0.com`. Without `audience`, the access token is opaque: no API can check it.
 *
 * @example
 * ```ts
 * import { auth0, oidc } from '@tokenkeep/oidc'
 *
 * const provider = oidc({
 *   ...auth0('shop.eu.auth0.com'),
 *   clientId: 'client-1',
 *   audience: 'https://api.example.com',
 * })
 * ```
 */
export const auth0 = (domain: string): Preset => ({
  issuer: `https://${domain}/`,
  // Only some tenants have the standard's endpoint.
  signOut: { endpoint: `https://${domain}/v2/logout`, returnParameter: 'returnTo' },
  corsAdvice: 'Add this origin to “Allowed Web Origins” of the application.',
  refreshTokenAdvice:
    'Switch on “Allow Offline Access” of the API and “Refresh Token Rotation” of the application, with an overlap of 30 seconds.',
})

/**
 * Cognito. `pool`: such as `eu-west-1_abc`; its region is read from it. `domain`: the host of the sign-in pages.
 *
 * @example
 * ```ts
 * import { cognito, oidc } from '@tokenkeep/oidc'
 *
 * const provider = oidc({
 *   ...cognito('eu-west-1_abc', 'shop.auth.eu-west-1.amazoncognito.com'),
 *   clientId: 'client-1',
 * })
 * ```
 */
export const cognito = (pool: string, domain: string): Preset => ({
  issuer: `https://cognito-idp.${pool.split('_')[0]}.amazonaws.com/${pool}`,
  // Refresh tokens need no scope, and an unknown scope is refused.
  scope: 'openid profile email',
  signOut: { endpoint: `https://${domain}/logout`, returnParameter: 'logout_uri' },
})

/**
 * Entra ID. `tenant`: the tenant's id, not `common`. A session lasts 24 hours from the sign-in, and no refresh extends it.
 *
 * @example
 * ```ts
 * import { entra, oidc } from '@tokenkeep/oidc'
 *
 * const provider = oidc({ ...entra('00000000-0000-0000-0000-000000000000'), clientId: 'client-1' })
 * ```
 */
export const entra = (tenant: string): Preset => ({
  issuer: `https://login.microsoftonline.com/${tenant}/v2.0`,
  corsAdvice: 'Register the redirect URI under the platform “Single-page application”.',
  refreshTokenAdvice: 'Register the redirect URI under the platform “Single-page application”.',
})

/**
 * Keycloak. `url`: the server's address, without the realm.
 *
 * @example
 * ```ts
 * import { keycloak, oidc } from '@tokenkeep/oidc'
 *
 * const provider = oidc({ ...keycloak('https://id.example.com', 'shop'), clientId: 'web' })
 * ```
 */
export const keycloak = (url: string, realm: string): Preset => ({
  issuer: `${url.replace(/\/$/, '')}/realms/${realm}`,
  // Refresh tokens need no scope. A token of offline_access outlives the sign-out.
  scope: 'openid profile email',
  corsAdvice: 'Add this origin to “Web origins” of the client.',
})

/**
 * Logto. `endpoint`: the tenant's address. Without `resource`, the access token is opaque: no API can check it.
 *
 * @example
 * ```ts
 * import { logto, oidc } from '@tokenkeep/oidc'
 *
 * const provider = oidc({
 *   ...logto('https://shop.logto.app'),
 *   clientId: 'client-1',
 *   resource: 'https://api.example.com',
 * })
 * ```
 */
export const logto = (endpoint: string): Preset => ({
  issuer: `${endpoint.replace(/\/$/, '')}/oidc`,
  // Refresh tokens need the user's consent (OpenID Connect Core section 11).
  params: { prompt: 'consent' },
})

/**
 * Okta. `server`: the name of the authorization server.
 *
 * @example
 * ```ts
 * import { oidc, okta } from '@tokenkeep/oidc'
 *
 * const provider = oidc({ ...okta('shop.okta.com'), clientId: 'client-1' })
 * ```
 */
export const okta = (domain: string, server = 'default'): Preset => ({
  issuer: `https://${domain}/oauth2/${server}`,
  corsAdvice: 'Add this origin to “Trusted Origins”, with CORS.',
  refreshTokenAdvice: 'Switch on the grant type “Refresh Token” of the app.',
})
