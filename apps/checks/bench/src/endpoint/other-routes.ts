import type { Answer, Asked } from './dialects.ts'
import type { Session } from '../peers/peer.ts'

const account = {
  localId: 'ada',
  email: 'ada@example.com',
  providerUserInfo: [],
  lastLoginAt: '0',
  createdAt: '0',
}

/** Returns the response to requests that some peers send besides a refresh, or undefined for all other requests. */
export function other({ path, fields }: Asked, origin: string): Answer | undefined {
  const ok = (body: object): Answer => ({ status: 200, body })
  if (path.endsWith('/.well-known/openid-configuration'))
    return ok({
      issuer: path.replace('/.well-known/openid-configuration', '') ? `${origin}/oauth2/default` : origin,
      authorization_endpoint: `${origin}/authorize`,
      token_endpoint: `${origin}/oauth/token`,
      end_session_endpoint: `${origin}/logout`,
      revocation_endpoint: `${origin}/oauth/revoke`,
      jwks_uri: `${origin}/jwks`,
    })
  if (path === '/jwks') return ok({ keys: [] })
  // Firebase: a custom token is exchanged for the session that it holds, then the account is looked up.
  if (path.endsWith('accounts:signInWithCustomToken')) {
    const { accessToken, refreshToken, expiresIn } = JSON.parse(fields['token']!) as Session
    return ok({ idToken: accessToken, refreshToken, expiresIn: String(expiresIn), isNewUser: false })
  }
  if (path.endsWith('accounts:lookup')) return ok({ users: [account] })
  // better-auth: the session is a cookie.
  if (path === '/api/auth/sign-in/email') {
    const { refreshToken } = JSON.parse(fields['password']!) as Session
    return { ...ok({ user: {}, token: refreshToken }), cookie: refreshToken }
  }
  if (path === '/api/auth/sign-out') return { ...ok({ success: true }), cookie: '' }
  return undefined
}
