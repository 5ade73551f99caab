import { OAuth2Client, OAuth2Fetch, type OAuth2Token } from '@badgateway/oauth2-client'
import type { Open } from './peer.ts'

/** Keeps the token in localStorage by the two functions that its README shows. It has no sign-out: the app deletes the token. */
export const open: Open = async (origin, session) => {
  const client = new OAuth2Client({ server: origin, clientId: 'app', tokenEndpoint: '/oauth/token' })
  const storeToken = (token: OAuth2Token): void => localStorage.setItem('token', JSON.stringify(token))
  if (session) {
    const { accessToken, refreshToken, expiresIn } = session
    storeToken({ accessToken, refreshToken, expiresAt: Date.now() + expiresIn * 1000 })
  }
  let fetcher = create()
  function create(): OAuth2Fetch {
    return new OAuth2Fetch({
      client,
      getNewToken: () => null,
      storeToken,
      getStoredToken: () => JSON.parse(localStorage.getItem('token') ?? 'null') as OAuth2Token | null,
    })
  }
  return {
    token: () => fetcher.getAccessToken(),
    signOut() {
      localStorage.removeItem('token')
      fetcher = create()
    },
  }
}
