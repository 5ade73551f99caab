import { createClient } from '@workos-inc/authkit-js'
import type { Open } from './peer.ts'

/** Runs in its development mode, because only that works on localhost. The refresh token is in localStorage, not in a cookie. */
export const open: Open = async (origin, session) => {
  if (session) localStorage.setItem('workos:refresh-token', session.refreshToken)
  const { hostname, port } = new URL(origin)
  const client = await createClient('app', {
    apiHostname: hostname,
    port: Number(port),
    https: false,
    devMode: true,
    redirectUri: `${origin}/callback`,
  })
  return { token: () => client.getAccessToken(), signOut: () => client.signOut() }
}
