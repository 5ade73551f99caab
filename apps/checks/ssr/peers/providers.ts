import { refreshHeaders, settings } from './peer.ts'

/** Answers in the place of a hosted provider, whose clients cannot name another address. */
type Provider = (url: string, init: RequestInit | undefined) => Promise<Response>

const { clientId, clientSecret, appUrl } = settings
const { fetch } = globalThis

/** Refreshes at the session server. */
export const refresh = (refreshToken: string): Promise<Response> =>
  fetch(`${appUrl}/oauth/token`, {
    method: 'POST',
    headers: refreshHeaders(),
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: clientId,
      client_secret: clientSecret,
    }),
  })

interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly expires_in: number
}
const bodyOf = (init: RequestInit | undefined) => JSON.parse(String(init?.body)) as Record<string, string>
const userIdOf = (token: string): string =>
  (JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { sub: string }).sub

/** nextjs-auth0 accepts only an issuer with a domain of its own. */
export const ISSUER = 'https://auth.example/'
const auth0: Provider = (url, init) => {
  if (url.includes('/.well-known/'))
    return Promise.resolve(
      Response.json({
        issuer: ISSUER,
        authorization_endpoint: `${ISSUER}authorize`,
        token_endpoint: `${ISSUER}oauth/token`,
        jwks_uri: `${ISSUER}jwks`,
      }),
    )
  const headers = new Headers(init?.headers)
  for (const [name, value] of Object.entries(refreshHeaders())) headers.set(name, value)
  return fetch(`${appUrl}/oauth/token`, { ...init, headers })
}

/** The user that authkit-session keeps beside the tokens. */
export const workosUser = (id: string) => ({ object: 'user', id, email: `${id}@example.com`, metadata: {} })
/** The API of WorkOS: the keys, and a refresh. */
const workos: Provider = async (url, init) => {
  if (url.includes('/sso/jwks/')) return fetch(`${appUrl}/.well-known/jwks.json`)
  const response = await refresh(bodyOf(init)['refresh_token']!)
  if (!response.ok) return response
  const { access_token, refresh_token } = (await response.json()) as Tokens
  return Response.json({ access_token, refresh_token, user: workosUser(userIdOf(access_token)) })
}

export const SUPABASE = 'https://project.supabase.example/'
/** Its clients refresh 90 seconds ahead. The tokens of the rig live for 5 seconds, so they are said to live for longer. */
const SUPABASE_MARGIN = 90
/** What the clients of Supabase store. */
export const supabaseSession = ({ access_token, refresh_token, expires_in }: Tokens) => ({
  access_token,
  refresh_token,
  token_type: 'bearer',
  expires_in: expires_in + SUPABASE_MARGIN,
  expires_at: Math.floor(Date.now() / 1000) + expires_in + SUPABASE_MARGIN,
  user: { id: userIdOf(access_token), aud: 'authenticated' },
})
/** The auth server of Supabase: the user of a token, and a refresh. */
const supabase: Provider = async (url, init) => {
  if (url.includes('/auth/v1/user')) {
    const [, token] = new Headers(init?.headers).get('authorization')!.split(' ')
    return Response.json({ id: userIdOf(token!), aud: 'authenticated' })
  }
  if (url.includes('/.well-known/')) return Response.json({ keys: [] })
  const response = await refresh(bodyOf(init)['refresh_token']!)
  if (response.ok) return Response.json(supabaseSession((await response.json()) as Tokens))
  // https://supabase.com/docs/guides/auth/debugging/error-codes
  const error = { error_code: 'refresh_token_not_found', msg: 'Invalid Refresh Token' }
  return response.status === 400 ? Response.json(error, { status: 400 }) : response
}

const providers: readonly (readonly [address: string, Provider])[] = [
  [ISSUER, auth0],
  ['https://api.workos.com/', workos],
  [SUPABASE, supabase],
]

/** Lets the requests to the hosted providers reach the session server. */
export function imitateProviders(): void {
  globalThis.fetch = (input, init) => {
    const url = String(input instanceof Request ? input.url : input)
    const [, provider] = providers.find(([address]) => url.startsWith(address)) ?? []
    return provider ? provider(url, init) : fetch(input, init)
  }
}
