/** The smallest code that keeps a session and returns its token, as each package's documentation shows it. */
export interface SmallestImport {
  readonly name: string
  readonly package: string
  readonly code: string
}

export const ours: readonly SmallestImport[] = [
  {
    name: 'Tokenkeep',
    package: '@tokenkeep/core',
    code: `import { createTokenManager, sessionServer } from '@tokenkeep/core'
           globalThis.auth = createTokenManager({ transport: sessionServer({ url: location.origin, appId: 'app' }) })`,
  },
  {
    name: 'Tokenkeep, any OAuth server',
    package: '@tokenkeep/core',
    code: `import { createTokenManager, oauth } from '@tokenkeep/core'
           globalThis.auth = createTokenManager({ transport: oauth({ tokenEndpoint: '/token', clientId: 'app' }) })`,
  },
]

const adapter = (framework: string, name: string, uses: string): SmallestImport => ({
  name: `Tokenkeep for ${framework}`,
  package: name,
  code: `import { createTokenManager, sessionServer, ${uses} } from '${name}'
         const manager = createTokenManager({ transport: sessionServer({ url: location.origin, appId: 'app' }) })
         globalThis.used = [manager, ${uses}]`,
})

/** The core with an adapter. The framework is left out, because the app has it anyway. */
export const adapters: readonly SmallestImport[] = [
  adapter('React', '@tokenkeep/react', 'AuthTokenProvider, useAuthToken'),
  adapter('Vue', '@tokenkeep/vue', 'createAuthToken, useAuthToken'),
  adapter('Angular', '@tokenkeep/angular', 'provideAuthToken, injectAuthToken'),
]

export const peers: readonly SmallestImport[] = [
  {
    name: 'badgateway oauth2-client',
    package: '@badgateway/oauth2-client',
    code: `import { OAuth2Client, OAuth2Fetch } from '@badgateway/oauth2-client'
           const client = new OAuth2Client({ server: location.origin, clientId: 'app', tokenEndpoint: '/token' })
           globalThis.auth = new OAuth2Fetch({ client, getNewToken: () => null, getStoredToken: () => null })`,
  },
  {
    name: 'WorkOS authkit-js',
    package: '@workos-inc/authkit-js',
    code: `import { createClient } from '@workos-inc/authkit-js'
           globalThis.auth = createClient('app')`,
  },
  {
    name: 'keycloak-js',
    package: 'keycloak-js',
    code: `import Keycloak from 'keycloak-js'
           globalThis.auth = new Keycloak({ url: location.origin, realm: 'app', clientId: 'app' })`,
  },
  {
    name: 'better-auth client',
    package: 'better-auth',
    code: `import { createAuthClient } from 'better-auth/client'
           globalThis.auth = createAuthClient({ baseURL: location.origin })`,
  },
  {
    name: 'oidc-client-ts',
    package: 'oidc-client-ts',
    code: `import { UserManager } from 'oidc-client-ts'
           globalThis.auth = new UserManager({ authority: location.origin, client_id: 'app', redirect_uri: location.origin })`,
  },
  {
    name: 'supabase auth-js',
    package: '@supabase/auth-js',
    code: `import { AuthClient } from '@supabase/auth-js'
           globalThis.auth = new AuthClient({ url: location.origin })`,
  },
  {
    name: 'firebase auth',
    package: '@firebase/auth',
    code: `import { initializeApp } from '@firebase/app'
           import { indexedDBLocalPersistence, initializeAuth, signInWithCustomToken } from '@firebase/auth'
           globalThis.signIn = signInWithCustomToken
           globalThis.auth = initializeAuth(initializeApp({ apiKey: 'app' }), { persistence: indexedDBLocalPersistence })`,
  },
  {
    name: 'okta-auth-js',
    package: '@okta/okta-auth-js',
    code: `import { OktaAuth } from '@okta/okta-auth-js/core'
           globalThis.auth = new OktaAuth({ issuer: location.origin, clientId: 'app' })`,
  },
  {
    name: 'auth0-spa-js',
    package: '@auth0/auth0-spa-js',
    code: `import { Auth0Client } from '@auth0/auth0-spa-js'
           globalThis.auth = new Auth0Client({ domain: location.host, clientId: 'app', useRefreshTokens: true })`,
  },
  {
    name: 'msal-browser',
    package: '@azure/msal-browser',
    code: `import { PublicClientApplication } from '@azure/msal-browser'
           globalThis.auth = new PublicClientApplication({ auth: { clientId: 'app', authority: location.origin } })`,
  },
]
