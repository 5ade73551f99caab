import { Auth0Client } from '@auth0/nextjs-auth0/server'
import { generateSessionCookie } from '@auth0/nextjs-auth0/testing'
import type { AuthResult } from '@tokenkeep/protocol'
import type { Peer, Shown } from './peer.ts'
import { settings } from './peer.ts'
import { ISSUER } from './providers.ts'

// The middleware gets the access token, because a component cannot store what it has refreshed:
// https://github.com/auth0/nextjs-auth0/blob/main/EXAMPLES.md

const { clientId, clientSecret, secret, origin } = settings

const auth0 = new Auth0Client({
  domain: new URL(ISSUER).host,
  clientId,
  clientSecret,
  secret,
  appBaseUrl: origin,
})

async function read(): Promise<Shown> {
  const session = await auth0.getSession()
  if (!session) return { status: 'signed-out' }
  const userId = session.user.sub
  try {
    return { status: 'valid', userId, token: (await auth0.getAccessToken()).token }
  } catch (error) {
    const isRefused = (error as { cause?: { code?: string } }).cause?.code === 'invalid_grant'
    return isRefused ? { status: 'signed-out' } : { status: 'expired', userId }
  }
}

export default {
  async proxy(request) {
    const response = await auth0.middleware(request)
    if (await auth0.getSession(request))
      await auth0.getAccessToken(request, response).catch(() => 'The page tries again, and shows the error.')
    return response
  },
  read,
  withSession: (handler) => async (request) => handler(await read(), request),
  async signIn({ auth_token, auth_token_expires_in, refresh_token, user_id }: AuthResult) {
    const expiresAt = Math.floor(Date.now() / 1000) + auth_token_expires_in
    const tokenSet = { accessToken: auth_token, refreshToken: refresh_token!, expiresAt }
    const sealed = await generateSessionCookie({ user: { sub: user_id }, tokenSet }, { secret })
    return `__session=${sealed}; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400`
  },
} satisfies Peer
