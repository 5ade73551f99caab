import { refreshHeaders, settings } from './peer.ts'

const ISSUER = 'https://auth.example/'
const { tokenEndpoint } = settings

/** nextjs-auth0 accepts only an issuer with a domain of its own: the requests to it reach the session server. */
export function register(): void {
  const { fetch } = globalThis
  globalThis.fetch = async (input, init) => {
    const url = String(input instanceof Request ? input.url : input)
    if (!url.startsWith(ISSUER)) return fetch(input, init)
    if (!url.includes('/.well-known/')) {
      const headers = new Headers(init?.headers)
      for (const [name, value] of Object.entries(refreshHeaders())) headers.set(name, value)
      return fetch(tokenEndpoint, { ...init, headers })
    }
    return Response.json({
      issuer: ISSUER,
      authorization_endpoint: `${ISSUER}authorize`,
      token_endpoint: `${ISSUER}oauth/token`,
      jwks_uri: `${ISSUER}jwks`,
    })
  }
}
