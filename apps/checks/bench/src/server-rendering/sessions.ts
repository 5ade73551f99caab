import { randomBytes } from 'node:crypto'
import { Auth0Client } from '@auth0/nextjs-auth0/server'
import { generateSessionCookie } from '@auth0/nextjs-auth0/testing'
import { createServerSessions, sessionServer } from '@tokenkeep/ssr'
import { getIronSession, sealData } from 'iron-session'
import { encode, getToken } from 'next-auth/jwt'
import { NextRequest } from 'next/server.js'

const secret = 'a secret that is longer than thirty-two characters'
const origin = 'https://shop.example.com'
const [userId, sessionId] = [randomBytes(16).toString('base64url'), randomBytes(16).toString('base64url')]
const seconds = Math.floor(Date.now() / 1000)
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token with the claims of Tokenkeep's server. Nobody checks its signature here. */
const authToken = [
  part({ alg: 'EdDSA', kid: randomBytes(12).toString('base64url'), typ: 'at+jwt' }),
  part({
    iss: 'https://auth.example.com/v1/apps/shop',
    aud: 'shop',
    sub: userId,
    sid: sessionId,
    auth_time: seconds,
    iat: seconds,
    exp: seconds + 3600,
    jti: randomBytes(12).toString('base64url'),
  }),
  randomBytes(64).toString('base64url'),
].join('.')
const refreshToken = `rt1.${randomBytes(48).toString('base64url')}`

/** A way to keep a session in a sealed cookie. */
export interface CookieSession {
  readonly title: string
  readonly package?: string
  /** The `Cookie` header of a session that holds the two tokens. */
  readonly cookie: string
  /** Opens the session of a request, and returns its auth token. */
  open(request: NextRequest): Promise<string | undefined>
}

const requestWith = (cookie: string): Request => new Request(`${origin}/orders`, { headers: { cookie } })

/** The least work: the same plaintext, decrypted by WebCrypto. */
async function floor(): Promise<CookieSession> {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const parameters = { name: 'AES-GCM', iv: new Uint8Array(randomBytes(12)) }
  const text = JSON.stringify({ authToken, refreshToken })
  const sealed = await crypto.subtle.encrypt(parameters, key, new TextEncoder().encode(text))
  return {
    title: 'the floor',
    cookie: `session=${Buffer.from(sealed).toString('base64url')}`,
    async open(request) {
      const value = request.headers.get('cookie')!.slice('session='.length)
      const opened = await crypto.subtle.decrypt(parameters, key, Buffer.from(value, 'base64url'))
      return (JSON.parse(new TextDecoder().decode(opened)) as { authToken: string }).authToken
    },
  }
}

async function tokenkeep(): Promise<CookieSession> {
  const sessions = createServerSessions({
    transport: sessionServer({ url: 'https://auth.example.com', appId: 'shop' }),
    appId: 'shop',
    origin,
    keys: [secret],
  })
  const session = await sessions.open(requestWith(''))
  await session.signIn({
    auth_token: authToken,
    auth_token_expires_in: 3600,
    refresh_token: refreshToken,
    user_id: userId,
    session_id: sessionId,
    absolute_expires_in: 30 * 86_400,
    inactivity_expires_in: 7 * 86_400,
    redirect_url: '/',
  })
  const set = (await session.headers()).getSetCookie()
  return {
    title: 'Tokenkeep',
    package: '@tokenkeep/ssr',
    cookie: set.map((text) => text.slice(0, text.indexOf(';'))).join('; '),
    open: async (request) => (await sessions.open(request)).getAuthToken(),
  }
}

async function ironSession(): Promise<CookieSession> {
  const options = { cookieName: 'session', password: secret }
  return {
    title: 'iron-session',
    package: 'iron-session',
    cookie: `session=${await sealData({ authToken, refreshToken }, options)}`,
    open: async (request) =>
      (await getIronSession<{ authToken: string }>(request, new Response(), options)).authToken,
  }
}

async function nextAuth(): Promise<CookieSession> {
  const salt = '__Secure-authjs.session-token'
  const token = { sub: userId, authToken, refreshToken, expiresAt: seconds + 3600 }
  return {
    title: 'next-auth, getToken',
    package: 'next-auth',
    cookie: `${salt}=${await encode({ token, secret, salt })}`,
    open: async (request) =>
      (await getToken({ req: request, secret, secureCookie: true }))?.['authToken'] as string | undefined,
  }
}

async function nextjsAuth0(): Promise<CookieSession> {
  const auth0 = new Auth0Client({
    domain: 'auth.example.com',
    clientId: 'shop',
    clientSecret: secret,
    appBaseUrl: origin,
    secret,
  })
  const tokenSet = { accessToken: authToken, refreshToken, expiresAt: seconds + 3600 }
  return {
    title: 'nextjs-auth0, getSession',
    package: '@auth0/nextjs-auth0',
    cookie: `__session=${await generateSessionCookie({ user: { sub: userId }, tokenSet }, { secret })}`,
    open: async (request) => (await auth0.getSession(request))?.tokenSet.accessToken,
  }
}

/** Each with the same two tokens, as its own documentation stores and reads them. */
export const cookieSessions = [floor, tokenkeep, ironSession, nextAuth, nextjsAuth0]

/** A request of a framework, as it comes to the app. Opens it once, to see that it works. */
export async function requestOf({ title, cookie, open }: CookieSession): Promise<NextRequest> {
  const request = new NextRequest(requestWith(cookie))
  if ((await open(request)) !== authToken) throw new Error(`${title} does not return the token`)
  return request
}
