import { createChunks, createServerClient, stringToBase64URL, type CookieMethodsServer } from '@supabase/ssr'
import type { AuthResult } from '@tokenkeep/protocol'
import { cookies } from 'next/headers.js'
import { NextResponse } from 'next/server.js'
import type { Peer, Shown } from './peer.ts'
import { SUPABASE, supabaseSession } from './providers.ts'

// The proxy refreshes, for the components of the same request and for the browser. A component cannot store a cookie, and ignores that:
// https://supabase.com/docs/guides/auth/server-side/creating-a-client

const COOKIE = 'sb-session'
const open = (methods: CookieMethodsServer) =>
  createServerClient(SUPABASE, 'the public key', { cookies: methods, cookieOptions: { name: COOKIE } })

async function shownBy({ auth }: ReturnType<typeof open>): Promise<Shown> {
  const { data } = await auth.getClaims()
  if (!data) return { status: 'signed-out' }
  const { session } = (await auth.getSession()).data
  return { status: 'valid', userId: data.claims.sub, token: session?.access_token }
}

async function read(): Promise<Shown> {
  const jar = await cookies()
  const setAll: CookieMethodsServer['setAll'] = (changes) => {
    try {
      for (const { name, value, options } of changes) jar.set(name, value, options)
    } catch {
      // Called from a component. The proxy has stored the session.
    }
  }
  return shownBy(open({ getAll: () => jar.getAll(), setAll }))
}

export default {
  async proxy(request) {
    let response = NextResponse.next({ request })
    const client = open({
      getAll: () => request.cookies.getAll(),
      setAll(changes, headers) {
        for (const { name, value } of changes) request.cookies.set(name, value)
        response = NextResponse.next({ request })
        for (const { name, value, options } of changes) response.cookies.set(name, value, options)
        for (const [name, value] of Object.entries(headers ?? {})) response.headers.set(name, value)
      },
    })
    await client.auth.getClaims()
    return response
  },
  read,
  withSession: (handler) => async (request) => handler(await read(), request),
  async signIn({ auth_token, auth_token_expires_in, refresh_token }: AuthResult) {
    const session = supabaseSession({
      access_token: auth_token,
      refresh_token: refresh_token!,
      expires_in: auth_token_expires_in,
    })
    const [chunk] = createChunks(COOKIE, `base64-${stringToBase64URL(JSON.stringify(session))}`)
    return `${chunk!.name}=${chunk!.value}; Path=/; SameSite=Lax; Max-Age=86400`
  },
} satisfies Peer
