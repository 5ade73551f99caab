import { z } from 'zod'
import { event, point } from './activity.ts'
import { authResult } from './auth.ts'
import { apiKey, managedApp, signingKey } from './management.ts'
import { sessionOfUser, user } from './users.ts'

/** What sign-ins and refreshes are answered with. */
export const authReply = z.object({ auth_result: authResult })

/** RFC 7517 section 5. */
export const jwks = z.object({
  keys: z.array(z.looseObject({ kty: z.string(), kid: z.string(), alg: z.string(), use: z.literal('sig') })),
})
export const discovery = z.object({ issuer: z.string(), jwks_uri: z.string() })

/** An app as its pages see it. Whoever manages it sees a `ManagedApp`. */
export const app = z.looseObject({
  id: z.string(),
  name: z.string(),
  auth_origin: z.string(),
  redirect_url: z.string(),
  session_timeout_length: z.int(),
  public_signup: z.boolean(),
})
export const appReply = z.object({ app: z.union([managedApp, app]) })
export const managedAppReply = z.object({ app: managedApp })
export const appsReply = z.object({ apps: z.array(managedApp) })
export const invitation = z.object({ url: z.string(), expires_at: z.number() })

/** A ceremony begun: `publicKey` is for the browser's `navigator.credentials` (WebAuthn, as JSON). */
export const handshakeReply = z.object({
  handshake: z.object({ id: z.string(), challenge: z.object({ publicKey: z.looseObject({}) }) }),
  user: z.object({ id: z.string() }).optional(),
})

/** All that a stranger learns of a user. */
export const knownUser = z.object({ id: z.string(), status: z.string(), webauthn: z.boolean() })
const link = z.object({ href: z.string() })
export const userPage = z.object({
  users: z.array(user),
  total_users: z.int(),
  page: z.int(),
  limit: z.int(),
  created_before: z.int(),
  _links: z.object({ self: link, first: link, last: link, next: link.optional(), previous: link.optional() }),
})
/** With a key: a page of users. Without: whether there is one of that identifier. */
export const usersReply = z.union([userPage, z.object({ user: knownUser })])
export const passkey = z.looseObject({ id: z.string() })
export const userReply = z.object({ user: user.extend({ webauthn_devices: z.array(passkey).optional() }) })
export const passkeysReply = z.object({ devices: z.array(passkey) })
export const sessionsReply = z.object({ sessions: z.array(sessionOfUser) })

export const eventsReply = z.object({ events: z.array(event), next_cursor: z.string().optional() })
export const statisticsReply = z.object({ step: z.int(), points: z.array(point) })
export const signingKeysReply = z.object({ signing_keys: z.array(signingKey) })
export const apiKeysReply = z.object({ api_keys: z.array(apiKey) })
/** The only time the secret is seen. */
export const apiKeyReply = z.object({ api_key: apiKey, secret: z.string() })

export const openapiDocument = z.looseObject({ openapi: z.string() })

/** Query parameters, all optional. */
export const signOutQuery = z.object({ refresh_token: z.string().optional() })
export const othersQuery = z.object({ others: z.literal('true') })
export const exceptQuery = z.object({ except: z.string().optional() })
export const sinceQuery = z.object({ since: z.string().optional() })
