import { createAuthClient } from 'better-auth/client'
import type { Open } from './peer.ts'

/** Its session is a cookie that the server reads. The client has no refresh, and requests the session each time. */
export const open: Open = async (origin, session) => {
  const client = createAuthClient({ baseURL: origin })
  if (session) await client.signIn.email({ email: 'ada@example.com', password: JSON.stringify(session) })
  return {
    token: async () => (await client.getSession()).data?.session.token,
    signOut: () => client.signOut(),
  }
}
