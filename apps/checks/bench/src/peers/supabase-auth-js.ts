import { AuthClient } from '@supabase/auth-js'
import type { Open } from './peer.ts'

/** Sets the client up as supabase-js does in a browser. Writes the session where the client looks for it, because `setSession` would call the server. */
export const open: Open = async (origin, session) => {
  if (session) {
    const { accessToken, refreshToken, expiresIn } = session
    localStorage.setItem(
      'supabase',
      JSON.stringify({
        access_token: accessToken,
        refresh_token: refreshToken,
        expires_in: expiresIn,
        expires_at: Math.floor(Date.now() / 1000 + expiresIn),
        token_type: 'bearer',
        user: { id: 'ada', aud: 'app', app_metadata: {}, user_metadata: {}, created_at: '' },
      }),
    )
  }
  const client = new AuthClient({
    url: origin,
    storageKey: 'supabase',
    storage: localStorage,
    autoRefreshToken: true,
    persistSession: true,
  })
  await client.initialize()
  return {
    token: async () => (await client.getSession()).data.session?.access_token,
    signOut: () => client.signOut(),
  }
}
