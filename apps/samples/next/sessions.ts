import { createServerSessions, sessionServer, withClientSecret } from '@tokenkeep/ssr'
import { nextSessions } from '@tokenkeep/ssr/next'

const { TOKENKEEP_URL, TOKENKEEP_CLIENT_SECRET, SESSION_KEY, ORIGIN } = process.env

export const sessions = createServerSessions({
  transport: withClientSecret(sessionServer({ url: TOKENKEEP_URL!, appId: 'demo' }), {
    clientId: 'demo',
    clientSecret: TOKENKEEP_CLIENT_SECRET!,
  }),
  appId: 'demo',
  origin: ORIGIN!,
  keys: [SESSION_KEY!],
})

export const { proxy, auth, withAuth } = nextSessions(sessions)
