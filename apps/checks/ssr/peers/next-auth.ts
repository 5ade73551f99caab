import type { AuthResult } from '@tokenkeep/protocol'
import NextAuth from 'next-auth'
import { encode, type JWT } from 'next-auth/jwt'
import type { NextRequest } from 'next/server.js'
import { settings, type Peer, type Shown } from './peer.ts'
import { refresh } from './providers.ts'

// https://authjs.dev/guides/refresh-token-rotation: the callback `jwt` refreshes, and a refused refresh asks the user to
// sign in again.

const { secret } = settings
const COOKIE = 'authjs.session-token'

async function refreshed(token: JWT): Promise<JWT> {
  if (Date.now() < Number(token['expiresAt'])) return token
  try {
    const response = await refresh(String(token['refreshToken']))
    const answer = (await response.json()) as Record<string, string>
    if (!response.ok) throw new Error(answer['error'])
    return {
      ...token,
      accessToken: answer['access_token'],
      refreshToken: answer['refresh_token'] ?? token['refreshToken'],
      expiresAt: Date.now() + Number(answer['expires_in']) * 1000,
      error: undefined,
    }
  } catch {
    return { ...token, error: 'RefreshTokenError' }
  }
}

const { auth } = NextAuth({
  providers: [],
  secret,
  trustHost: true,
  callbacks: {
    jwt: ({ token }) => refreshed(token),
    session: ({ session, token }) => ({ ...session, shown: shownOf(token) }),
  },
})

const shownOf = ({ sub, accessToken, error }: JWT): Shown =>
  error ? { status: 'signed-out' } : { status: 'valid', userId: sub, token: accessToken as string }

const read = (session: object | null): Shown =>
  (session as { shown?: Shown } | null)?.shown ?? { status: 'signed-out' }

export default {
  proxy: auth as unknown as (request: NextRequest) => Promise<Response>,
  read: async () => read(await auth()),
  withSession: (handler) =>
    auth((request) => handler(read(request.auth), request)) as unknown as ReturnType<Peer['withSession']>,
  async signIn({ auth_token, auth_token_expires_in, refresh_token, user_id }: AuthResult) {
    const token = {
      sub: user_id,
      accessToken: auth_token,
      refreshToken: refresh_token,
      expiresAt: Date.now() + auth_token_expires_in * 1000,
    }
    return `${COOKIE}=${await encode({ token, secret, salt: COOKIE })}; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400`
  },
} satisfies Peer
