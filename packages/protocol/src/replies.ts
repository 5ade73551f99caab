import { z } from 'zod'
import { authResult } from './auth.ts'
import { managedApp } from './management.ts'
import { sessionOfUser, user } from './users.ts'

/**
 * The response to a sign-in or a refresh.
 *
 * @example
 * ```ts
 * import { authReply } from '@tokenkeep/protocol'
 *
 * const read = (body: unknown) => authReply.parse(body).auth_result
 * ```
 */
export const authReply = z.object({ auth_result: authResult })

/**
 * A set of public keys (RFC 7517 section 5).
 *
 * @example
 * ```ts
 * import { jwks } from '@tokenkeep/protocol'
 *
 * const keyIds = (body: unknown) => jwks.parse(body).keys.map(({ kid }) => kid)
 * ```
 */
export const jwks = z.object({
  keys: z.array(z.looseObject({ kty: z.string(), kid: z.string(), alg: z.string(), use: z.literal('sig') })),
})

/**
 * The newest authentication of a session: its time in Unix seconds, its methods (RFC 8176) and its class (OpenID Connect
 * Core section 2). The next auth tokens have these claims.
 *
 * @example
 * ```ts
 * import { authenticationReply } from '@tokenkeep/protocol'
 *
 * const time = (body: unknown) => authenticationReply.parse(body).authentication.auth_time
 * ```
 */
export const authenticationReply = z.object({
  authentication: z.object({
    auth_time: z.int(),
    amr: z.array(z.string()).optional(),
    acr: z.string().optional(),
  }),
})

/**
 * The part of the OpenID discovery document that names the location of the keys.
 *
 * @example
 * ```ts
 * import { discovery } from '@tokenkeep/protocol'
 *
 * const keysUrl = (body: unknown) => discovery.parse(body).jwks_uri
 * ```
 */
export const discovery = z.object({ issuer: z.string(), jwks_uri: z.string() })

/**
 * An app as its pages get it, without an API key. With an API key, the response has a `ManagedApp`.
 * `session_timeout_length` is in seconds.
 *
 * @example
 * ```ts
 * import { app } from '@tokenkeep/protocol'
 *
 * const lifetime = (body: unknown) => app.parse(body).session_timeout_length
 * ```
 */
export const app = z.looseObject({
  id: z.string(),
  name: z.string(),
  auth_origin: z.string(),
  redirect_url: z.string(),
  session_timeout_length: z.int(),
  public_signup: z.boolean(),
})

/**
 * The response of `GET /v1/apps/{app}`.
 *
 * @example
 * ```ts
 * import { appReply } from '@tokenkeep/protocol'
 *
 * const read = (body: unknown) => appReply.parse(body).app
 * ```
 */
export const appReply = z.object({ app: z.union([managedApp, app]) })

/**
 * What anybody can learn about a user without an API key: whether the user exists and has a passkey. `email` or `phone` is
 * the name that was asked for. `pending`: a sign-up has begun, and nothing is stored yet.
 *
 * @example
 * ```ts
 * import { knownUser } from '@tokenkeep/protocol'
 *
 * const isPending = (body: unknown) => knownUser.parse(body).status === 'pending'
 * ```
 */
export const knownUser = z.object({
  id: z.string(),
  status: z.enum(['active', 'inactive', 'pending']),
  email: z.string(),
  email_verified: z.boolean(),
  phone: z.string(),
  phone_verified: z.boolean(),
  user_metadata: z.null(),
  webauthn: z.boolean(),
  webauthn_types: z.array(z.string()),
})

/**
 * A user whose sign-up has begun at a page.
 *
 * @example
 * ```ts
 * import { claimReply } from '@tokenkeep/protocol'
 *
 * const read = (body: unknown) => claimReply.parse(body).user
 * ```
 */
export const claimReply = z.object({ user: knownUser })

/**
 * A started ceremony. `publicKey` is for the browser's `navigator.credentials` (WebAuthn, as JSON).
 *
 * @example
 * ```ts
 * import { handshakeReply } from '@tokenkeep/protocol'
 *
 * const options = (body: unknown) => handshakeReply.parse(body).handshake.challenge.publicKey
 * ```
 */
export const handshakeReply = z.object({
  handshake: z.object({ id: z.string(), challenge: z.object({ publicKey: z.looseObject({}) }) }),
  user: knownUser.optional(),
})

const link = z.object({ href: z.string() })

/**
 * One page of users. `created_before` is in Unix seconds.
 *
 * @example
 * ```ts
 * import { userPage } from '@tokenkeep/protocol'
 *
 * const total = (body: unknown) => userPage.parse(body).total_users
 * ```
 */
export const userPage = z.object({
  users: z.array(user),
  total_users: z.int(),
  page: z.int(),
  limit: z.int(),
  created_before: z.int(),
  /** `next` and `previous` have an empty `href` if there is no such page. */
  _links: z.object({ self: link, first: link, last: link, next: link, previous: link }),
})

/**
 * The response of `GET /users`. With an API key it is a page of users. Without one it is the user with the identifier of
 * the request, or null. An app can choose that every name gets the same answer.
 *
 * @example
 * ```ts
 * import { usersReply } from '@tokenkeep/protocol'
 *
 * const isPage = (body: unknown) => 'users' in usersReply.parse(body)
 * ```
 */
export const usersReply = z.union([userPage, z.object({ user: knownUser.nullable() })])

/**
 * A passkey of a user.
 *
 * @example
 * ```ts
 * import { passkey } from '@tokenkeep/protocol'
 *
 * const { id } = passkey.parse({ id: 'AQ' })
 * ```
 */
export const passkey = z.looseObject({ id: z.string() })

/**
 * A user, with their passkeys.
 *
 * @example
 * ```ts
 * import { userReply } from '@tokenkeep/protocol'
 *
 * const read = (body: unknown) => userReply.parse(body).user
 * ```
 */
export const userReply = z.object({ user: user.extend({ webauthn_devices: z.array(passkey) }) })

/**
 * The passkeys of a user.
 *
 * @example
 * ```ts
 * import { passkeysReply } from '@tokenkeep/protocol'
 *
 * const { devices } = passkeysReply.parse({ devices: [] })
 * ```
 */
export const passkeysReply = z.object({ devices: z.array(passkey) })

/**
 * A passkey that the signed-in user has added.
 *
 * @example
 * ```ts
 * import { passkeyReply } from '@tokenkeep/protocol'
 *
 * const { device } = passkeyReply.parse({ device: { id: 'AQ' } })
 * ```
 */
export const passkeyReply = z.object({ device: passkey })

/**
 * The live sessions of a user.
 *
 * @example
 * ```ts
 * import { sessionsReply } from '@tokenkeep/protocol'
 *
 * const { sessions } = sessionsReply.parse({ sessions: [] })
 * ```
 */
export const sessionsReply = z.object({ sessions: z.array(sessionOfUser) })

/**
 * One page of a user's live sessions, the number of all, and the number of devices: of different user agents.
 *
 * @example
 * ```ts
 * import { userSessionsReply } from '@tokenkeep/protocol'
 *
 * const reply = userSessionsReply.parse({ sessions: [], total_sessions: 0, total_devices: 0 })
 * ```
 */
export const userSessionsReply = sessionsReply.extend({
  total_sessions: z.number(),
  total_devices: z.number(),
})

/**
 * The OpenAPI document of the session server.
 *
 * @example
 * ```ts
 * import { openapiDocument } from '@tokenkeep/protocol'
 *
 * const { openapi } = openapiDocument.parse({ openapi: '3.1.1' })
 * ```
 */
export const openapiDocument = z.looseObject({ openapi: z.string() })
