import { z } from 'zod'

/** A public key of a client (RFC 7517). A private key is refused: this server never needs one. */
const publicKey = z
  .looseObject({ kty: z.enum(['EC', 'OKP', 'RSA']), kid: z.string().max(200).optional() })
  .refine((key) => !('d' in key), 'must be a public key: send it without its private part')

/**
 * What an app requires of its clients and passkeys, and what it tells strangers.
 * - `client_auth`: how the client authenticates itself where it exchanges refresh tokens (RFC 6749 section 2.3). `none`: it
 *   does not, because a page cannot keep a secret. `secret`: by a client secret or an API key. `private_key_jwt`: by a
 *   signed assertion (RFC 7523), whose key is in `client_jwks`. Default: `none`.
 * - `client_jwks`: the public keys of the client, at most 10. Default: none.
 * - `storage`: where refresh tokens may be. `cookie`: only in the HttpOnly cookie, never in a body. Default: `any`.
 * - `user_verification`: whether a passkey must verify the person, by a biometric or a PIN. Default: `preferred`.
 * - `passkeys`: `device-bound` refuses passkeys that are synchronized between devices. Default: `any`.
 * - `passkey_changes`: whether users can add and remove their passkeys in any session, or only after a sign-in or a confirmation of the
 *   last ten minutes (RFC 9470). `any-time` is for clients made for Passage. With it, a thief of an auth token can add a passkey.
 *   Default: `recent-sign-in`.
 * - `user_lookup`: whether a stranger learns if a user exists. `exact` tells it, `uniform` answers the same for every name.
 *   Default: `by-sign-up`, which is `exact` while public sign-up is on, because a sign-up tells it too, and else `uniform`.
 * - `binding`: whether sessions are bound to a key of the client (DPoP, RFC 9449). `preferred`: a session is bound once its
 *   client proves a key. `required`: each refresh needs a proof. A bound session stays bound. Default: `off`.
 *
 * @example
 * ```ts
 * import { appModes } from '@tokenkeep/protocol'
 *
 * const { client_auth } = appModes.parse({}) // 'none'
 * ```
 */
export const appModes = z.object({
  client_auth: z.enum(['none', 'secret', 'private_key_jwt']).default('none'),
  client_jwks: z.object({ keys: z.array(publicKey).max(10) }).default({ keys: [] }),
  storage: z.enum(['any', 'cookie']).default('any'),
  user_verification: z.enum(['preferred', 'required']).default('preferred'),
  passkeys: z.enum(['any', 'device-bound']).default('any'),
  passkey_changes: z.enum(['recent-sign-in', 'any-time']).default('recent-sign-in'),
  user_lookup: z.enum(['by-sign-up', 'exact', 'uniform']).default('by-sign-up'),
  binding: z.enum(['off', 'preferred', 'required']).default('off'),
})
/** What an app requires of its clients and passkeys, and what it tells strangers. */
export type AppModes = z.infer<typeof appModes>

/**
 * Says what is wrong with a combination of modes. Returns undefined if it is valid.
 *
 * @example
 * ```ts
 * import { appModes, appModesFault } from '@tokenkeep/protocol'
 *
 * const fault = appModesFault(appModes.parse({})) // undefined
 * ```
 */
export function appModesFault({ client_auth, client_jwks, storage }: AppModes): string | undefined {
  if (client_auth === 'private_key_jwt' && !client_jwks.keys.length)
    return 'client_jwks: private_key_jwt needs at least one public key of the client'
  if (client_auth !== 'none' && storage === 'cookie')
    return 'storage: a client that authenticates itself gets refresh tokens in bodies: use cookie with client_auth none'
  return undefined
}
