import {
  configure,
  CookieSessionStorage,
  createAuthService,
  sessionEncryption,
} from '@workos/authkit-session'
import type { AuthResult } from '@tokenkeep/protocol'
import { headers } from 'next/headers.js'
import { NextResponse } from 'next/server.js'
import { settings, type Peer, type Shown } from './peer.ts'
import { workosUser } from './providers.ts'

// The middleware refreshes, and must store what is new: https://github.com/workos/authkit-session. It shows that to the components of
// the same request as the new cookie.

const { clientId, secret, origin } = settings
const COOKIE = 'wos-session'

configure({ clientId, apiKey: 'sk_test', redirectUri: `${origin}/callback`, cookiePassword: secret })

class Cookies extends CookieSessionStorage<Headers, Response> {
  override async getCookie(request: Headers, name: string): Promise<string | null> {
    const found = request.get('cookie')?.match(new RegExp(`(?:^|; )${name}=([^;]*)`))
    return found ? decodeURIComponent(found[1]!) : null
  }
}
const service = createAuthService({ sessionStorageFactory: (config) => new Cookies(config) })

async function read(from: Headers): Promise<{ shown: Shown; refreshed: string | undefined }> {
  const { auth, refreshedSessionData } = await service.withAuth(from)
  const shown: Shown = auth.user
    ? { status: 'valid', userId: auth.user.id, token: auth.accessToken }
    : { status: 'signed-out' }
  return { shown, refreshed: refreshedSessionData }
}

/** The `Set-Cookie` header of a sealed session. */
async function cookieOf(sealed: string): Promise<string> {
  const saved = await service.saveSession(undefined, sealed)
  return saved.headers!['Set-Cookie'] as string
}

export default {
  async proxy(request) {
    const { refreshed } = await read(request.headers)
    if (refreshed === undefined) return NextResponse.next()
    request.cookies.set(COOKIE, refreshed)
    const response = NextResponse.next({ request })
    response.headers.append('set-cookie', await cookieOf(refreshed))
    return response
  },
  read: async () => (await read(await headers())).shown,
  withSession: (handler) => async (request) => {
    const { shown, refreshed } = await read(request.headers)
    const response = await handler(shown, request)
    if (refreshed !== undefined) response.headers.append('set-cookie', await cookieOf(refreshed))
    return response
  },
  async signIn({ auth_token, refresh_token, user_id }: AuthResult) {
    const session = { accessToken: auth_token, refreshToken: refresh_token!, user: workosUser(user_id) }
    return cookieOf(await sessionEncryption.sealData(session, { password: secret, ttl: 0 }))
  },
} satisfies Peer
