import { createClient } from '@workos-inc/authkit-js'
import type { Open } from './peer.ts'

/** In its development mode, which works on localhost: the refresh token is in localStorage instead of a cookie. */
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
