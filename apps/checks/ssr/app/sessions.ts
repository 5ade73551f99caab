import type { AuthResult } from '@tokenkeep/protocol'
import { createServerSessions, sessionServer, withClientSecret, type ServerSessions } from '@tokenkeep/ssr'

const { AUTH_URL = '', ORIGIN = '', CLIENT_SECRET = '', SESSION_KEY = '', APP_ID = '' } = process.env

/** The sessions of the app, as an app of a user makes them. */
export const sessions: ServerSessions<AuthResult> = createServerSessions({
  transport: withClientSecret(sessionServer({ url: AUTH_URL, appId: APP_ID }), {
    clientId: APP_ID,
    clientSecret: CLIENT_SECRET,
  }),
  appId: APP_ID,
  origin: ORIGIN,
  keys: [SESSION_KEY],
})
