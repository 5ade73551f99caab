import { createAuthFetch, createTokenManager, sessionServer } from '@tokenkeep/core'

// A plain object: whatever imports this module has the token, in a component or not.
export const auth = createTokenManager({
  transport: sessionServer({ url: 'https://auth.example.com', appId: 'demo' }),
})

/** `fetch` with the auth token, for the API. */
export const apiFetch = createAuthFetch(auth, { origins: ['https://api.example.com'] })
