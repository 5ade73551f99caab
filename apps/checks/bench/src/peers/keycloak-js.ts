import Keycloak from 'keycloak-js'
import type { Open } from './peer.ts'

/**
 * Keeps tokens in memory only. A new page gets its own from the server's cookie, by a redirect or an iframe. Here each page
 * is given tokens, and then refreshes at once.
 */
export const open: Open = async (origin, session) => {
  const keycloak = new Keycloak({ url: origin, realm: 'app', clientId: 'app' })
  if (session) {
    const { accessToken: token, refreshToken, idToken } = session
    await keycloak.init({ token, refreshToken, idToken, checkLoginIframe: false })
  }
  return {
    async token() {
      await keycloak.updateToken(5)
      return keycloak.token
    },
    signOut: () => keycloak.logout(),
  }
}
