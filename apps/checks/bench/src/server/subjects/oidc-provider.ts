// Runs oidc-provider with everything in memory. Arguments: opaque or jwt, and how many sessions to open.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { generateKeyPairSync } from 'node:crypto'
import { Provider } from 'oidc-provider'
import { MapAdapter } from './map-adapter.ts'

const format = process.argv[2] as 'opaque' | 'jwt'
const sessions = Number(process.argv[3])
const resource = 'https://api.example'
const { privateKey } = generateKeyPairSync('ed25519')

const provider = new Provider('http://127.0.0.1', {
  clients: [
    {
      client_id: 'app',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: ['http://localhost/'],
      id_token_signed_response_alg: 'EdDSA',
    },
  ],
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'EdDSA' } as never] },
  enabledJWA: { idTokenSigningAlgValues: ['EdDSA'] },
  adapter: MapAdapter,
  rotateRefreshToken: true,
  clientBasedCORS: () => true,
  ttl: { AccessToken: 300, RefreshToken: 86_400, Grant: 86_400, IdToken: 300 },
  findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  features: {
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: format === 'jwt',
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: 'api',
        accessTokenFormat: 'jwt' as const,
        jwt: { sign: { alg: 'EdDSA' as const } },
      }),
    },
  },
})

const client = (await provider.Client.find('app'))!
const tokens: string[] = []
for (let count = 0; count < sessions; count++) {
  const accountId = `user-${count}`
  const grant = new provider.Grant({ accountId, clientId: 'app' })
  // Without `openid` there is no id token. It would be a second signature, which Tokenkeep does not make either.
  grant.addOIDCScope('offline_access')
  if (format === 'jwt') grant.addResourceScope(resource, 'api')
  const refreshToken = new provider.RefreshToken({
    accountId,
    client,
    grantId: await grant.save(),
    scope: format === 'jwt' ? 'offline_access api' : 'offline_access',
    ...(format === 'jwt' && { resource }),
    gty: 'authorization_code',
    expiresWithSession: false,
  } as ConstructorParameters<typeof provider.RefreshToken>[0])
  tokens.push(await refreshToken.save())
}
const server = createServer(provider.callback()).listen(0, '127.0.0.1', () =>
  console.log(JSON.stringify({ port: (server.address() as AddressInfo).port, tokens })),
)
process.on('SIGTERM', () => process.exit(0))
