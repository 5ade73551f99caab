import type { AuthResult } from '@tokenkeep/protocol'
import { createServerSessions, sessionServer, withClientSecret, type ServerSessions } from '@tokenkeep/ssr'
import { contractSessions } from './contract.ts'

const { AUTH_URL = '', ORIGIN = '', CLIENT_SECRET = '', SESSION_KEY = '', APP_ID = '', CONTROL } = process.env

/** The sessions of the app, as an app of a user creates them. */
const own = createServerSessions({
  transport: withClientSecret(sessionServer({ url: AUTH_URL, appId: APP_ID }), {
    clientId: APP_ID,
    clientSecret: CLIENT_SECRET,
  }),
  appId: APP_ID,
  origin: ORIGIN,
  keys: [SESSION_KEY],
})

/** In the contract suite, each request chooses its own. */
export const sessions: ServerSessions<AuthResult> = CONTROL ? contractSessions(CONTROL, own) : own
