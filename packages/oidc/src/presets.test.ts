import { expect, it, vi } from 'vitest'
import { openBrowser } from '../test/open-browser.ts'
import { app } from '../test/open-provider.ts'
import { auth0, cognito, entra, keycloak, logto, okta, type Preset } from './index.ts'

/** The issuer as the provider's documentation writes it, and where a sign-out goes. Undefined: as the metadata says. */
const presets: readonly [Preset, string, string?][] = [
  [
    auth0('shop.eu.auth0.com'),
    'https://shop.eu.auth0.com/',
    'https://shop.eu.auth0.com/v2/logout?client_id=shop&returnTo=',
  ],
  [
    cognito('eu-west-1_abc', 'shop.auth.eu-west-1.amazoncognito.com'),
    'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc',
    'https://shop.auth.eu-west-1.amazoncognito.com/logout?client_id=shop&logout_uri=',
  ],
  [entra('tenant-1'), 'https://login.microsoftonline.com/tenant-1/v2.0'],
  [keycloak('https://id.example/', 'shop'), 'https://id.example/realms/shop'],
  [logto('https://shop.logto.app'), 'https://shop.logto.app/oidc'],
  [okta('shop.okta.com'), 'https://shop.okta.com/oauth2/default'],
]

it.for(presets)('%j signs in and out', async ([preset, issuer, signOut]) => {
  const metadata = {
    issuer,
    authorization_endpoint: 'https://login.example/authorize',
    token_endpoint: 'https://login.example/token',
    end_session_endpoint: 'https://login.example/end',
  }
  const place = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  vi.stubGlobal('fetch', async (url: string) =>
    url === place ? Response.json(metadata) : Promise.reject(new TypeError(`not expected: ${url}`)),
  )
  const { params } = preset
  const { provider, auth, left } = openBrowser(issuer, { ...preset, params: params ?? {} }).tab()
  await provider.signInWithRedirect()
  await provider.signOutWithRedirect(auth).finally(() => vi.unstubAllGlobals())
  const { origin, searchParams } = new URL(left[0]!)
  expect(origin).toBe('https://login.example')
  expect(searchParams.get('prompt')).toBe(params?.['prompt'] ?? null)
  expect(
    left[1]!.startsWith(signOut ?? 'https://login.example/end?client_id=shop&post_logout_redirect_uri='),
  ).toBe(true)
  expect(left[1]!.endsWith(encodeURIComponent(app))).toBe(true)
})
