// Runs better-auth with its OAuth provider on SQLite. Arguments: opaque or jwt, a folder for the database, and how many sessions to open.
import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { oauthProvider } from '@better-auth/oauth-provider'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { toNodeHandler } from 'better-auth/node'
import { jwt } from 'better-auth/plugins'

const [, , format, folder, count] = process.argv as string[]
const origin = 'http://127.0.0.1'
const redirectUri = 'https://app.example/'
const resource = 'https://api.example'

const database = new DatabaseSync(join(folder!, 'better-auth.db'))
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')

const provider = (resources: string[]) =>
  oauthProvider({
    loginPage: '/sign-in',
    consentPage: '/consent',
    scopes: ['offline_access', 'api'],
    accessTokenExpiresIn: 300,
    generateClientId: () => 'app',
    resources,
  })
const options = {
  database,
  baseURL: origin,
  secret: randomBytes(32).toString('base64url'),
  trustedOrigins: [redirectUri.slice(0, -1)],
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  // A refresh needs no password, and a real hash would take most of the time to start.
  emailAndPassword: {
    enabled: true,
    password: { hash: async (text: string) => text, verify: async () => true },
  },
}
// Ed25519 is the default of better-auth's JWT plugin. Resources are rows, so the tables must exist first.
const { runMigrations } = await getMigrations({ ...options, plugins: [jwt(), provider([])] })
await runMigrations()
const auth = betterAuth({ ...options, plugins: [jwt(), provider([resource])] })

const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
  auth.handler(new Request(`${origin}/api/auth${path}`, { redirect: 'manual', ...init }))

/** Signs in a new user. Returns the cookies. */
async function signUp(n: number): Promise<string> {
  const body = JSON.stringify({ name: 'Somebody', email: `user-${n}@app.example`, password: 'a password' })
  const response = await ask('/sign-up/email', {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body,
  })
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

/** Goes through the authorization code flow with PKCE, as a browser and a client do. Returns the refresh token. */
async function authorize(cookie: string): Promise<string> {
  const verifier = randomBytes(32).toString('base64url')
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: 'app',
    redirect_uri: redirectUri,
    scope: 'offline_access api',
    state: 'state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  if (format === 'jwt') query.set('resource', resource)
  const authorized = await ask(`/oauth2/authorize?${query}`, { headers: { cookie } })
  const code = new URL(authorized.headers.get('location')!, origin).searchParams.get('code')
  if (!code) throw new Error(`no code: ${authorized.status} ${authorized.headers.get('location')}`)
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: 'app',
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  })
  if (format === 'jwt') form.set('resource', resource)
  const response = await ask('/oauth2/token', { method: 'POST', body: form })
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.status}: ${text}`)
  return (JSON.parse(text) as { refresh_token: string }).refresh_token
}

// In better-auth, a client belongs to a user. Here it belongs to the first user.
let cookie = await signUp(0)
await auth.api.adminCreateOAuthClient({
  headers: new Headers({ cookie }),
  body: {
    redirect_uris: [redirectUri],
    token_endpoint_auth_method: 'none',
    application_type: 'native',
    grant_types: ['authorization_code', 'refresh_token'],
    scope: 'offline_access api',
    skip_consent: true,
  },
})
await auth.api.adminLinkClientResource({
  headers: new Headers({ cookie }),
  params: { identifier: resource, client_id: 'app' },
})
const tokens: string[] = []
while (tokens.length < Number(count)) {
  if (tokens.length % 10 === 9) cookie = await signUp(tokens.length)
  tokens.push(await authorize(cookie))
}
const server = createServer(toNodeHandler(auth)).listen(0, '127.0.0.1', () =>
  console.log(JSON.stringify({ port: (server.address() as AddressInfo).port, tokens })),
)
process.on('SIGTERM', () => process.exit(0))
