import { createServerSessions, sessionServer, withClientSecret } from '@tokenkeep/ssr'

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
