import { createAuthFetch, createTokenManager, sessionServer } from '@tokenkeep/core'

// The manager is a plain object. Every module that imports it can get the token, inside and outside components.
export const auth = createTokenManager({
  transport: sessionServer({ url: 'https://auth.example.com', appId: 'demo' }),
})

/** Works like `fetch`, but also sends the auth token to the API. */
export const apiFetch = createAuthFetch(auth, { origins: ['https://api.example.com'] })
