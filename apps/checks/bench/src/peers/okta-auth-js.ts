import { OktaAuth } from '@okta/okta-auth-js/core'
import type { Open } from './peer.ts'

/** Keeps tokens in localStorage and renews them by itself, as by default. */
export const open: Open = async (origin, session) => {
  const issuer = `${origin}/oauth2/default`
  const scopes = ['openid', 'offline_access']
  const urls = {
    authorizeUrl: `${issuer}/v1/authorize`,
    tokenUrl: `${issuer}/v1/token`,
    userinfoUrl: `${issuer}/v1/userinfo`,
  }
  const okta = new OktaAuth({
    issuer,
    clientId: 'app',
    redirectUri: origin,
    scopes,
    ...urls,
    ignoreSignature: true,
  })
  if (session) {
    const { accessToken, refreshToken, expiresIn } = session
    const expiresAt = Math.floor(Date.now() / 1000 + expiresIn)
    const claims = { sub: 'ada', exp: expiresAt }
    okta.tokenManager.setTokens({
      accessToken: {
        accessToken,
        expiresAt,
        claims,
        tokenType: 'Bearer',
        authorizeUrl: '',
        userinfoUrl: '',
        scopes,
      },
      refreshToken: { refreshToken, expiresAt: expiresAt + 86_400, scopes, ...urls, issuer },
    } as Parameters<typeof okta.tokenManager.setTokens>[0])
  }
  await okta.start()
  return {
    token: async () => (await okta.getOrRenewAccessToken()) ?? undefined,
    signOut: () => okta.signOut(),
  }
}
