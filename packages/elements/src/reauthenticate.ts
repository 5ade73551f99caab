import { readClaims, type ProofSender, type TokenManager } from '@tokenkeep/core'
import { createAccountCall, toAccountError, type AccountCall } from './account-call.ts'
import { usePasskey, type AuthenticationOptions, type CeremonyOptions } from './ceremonies.ts'
import { PasskeyError } from './passkey-error.ts'

/** The part of a token manager that a re-authentication uses. */
export type ReauthenticatedManager = Pick<TokenManager, 'get' | 'getAuthToken'>

export interface ReauthenticateOptions extends CeremonyOptions {
  /** Pass `sendProof` of `@tokenkeep/core` if the manager's transport is `withProof(…)`. Default: no proof. */
  readonly proof?: ProofSender | undefined
}

interface Started {
  readonly handshake: {
    readonly id: string
    readonly challenge: { readonly publicKey: AuthenticationOptions }
  }
}
/** The claims that an auth token has of an authentication. */
interface Authentication {
  /** Unix seconds of the server's clock. */
  readonly auth_time: number
  readonly amr?: readonly string[]
  readonly acr?: string
}
interface Finished {
  readonly authentication: Authentication
}

/** A refresh of this or of another tab may have been under way while the server recorded the authentication. */
const MAX_REFRESHES = 3

/** Runs the ceremony for the session of the auth token. Resolves to what the server has recorded in the session. */
export async function confirm(call: AccountCall, signal: AbortSignal | undefined): Promise<Authentication> {
  const { handshake } = await call<Started>('POST', 'reauthentication/start', {})
  if (signal?.aborted) throw new PasskeyError('cancelled')
  const response = await usePasskey(handshake.challenge.publicKey, signal)
  const body = { handshake_id: handshake.id, handshake_response: response }
  return (await call<Finished>('POST', 'reauthentication/finish', body)).authentication
}

/** Runs the ceremony for the manager's session, and waits for an auth token that says so. `base`: the URL of the app. */
export async function authenticateAgain(
  base: string,
  auth: ReauthenticatedManager,
  { signal, proof }: ReauthenticateOptions,
): Promise<void> {
  try {
    const authentication = await confirm(createAccountCall(base, auth, { signal, proof }), signal)
    await obtainToken(auth, authentication, signal)
  } catch (error) {
    throw toAccountError(error, signal)
  }
}

/** Whether a token says what the server recorded, or has a later authentication. A sign-up can be in the same second. */
function isOf({ auth_time, amr, acr }: Authentication, token: string): boolean {
  const claims = readClaims(token) as Authentication | undefined
  if (claims?.auth_time !== auth_time) return Number(claims?.auth_time) > auth_time
  return claims.acr === acr && String(claims.amr) === String(amr)
}

/** Refreshes until the auth token is of this authentication. */
async function obtainToken(
  auth: ReauthenticatedManager,
  authentication: Authentication,
  signal: AbortSignal | undefined,
): Promise<void> {
  const isNew = (token: string): boolean => isOf(authentication, token)
  if (isNew(await auth.getAuthToken({ ...(signal && { signal }) }))) return
  for (let refreshes = 0; refreshes < MAX_REFRESHES; refreshes++) {
    // No token lives that long, so each call refreshes once.
    const options = { minValidSeconds: Infinity, ...(signal && { signal }) }
    // oxlint-disable-next-line no-await-in-loop -- The next refresh begins after the one that was under way.
    if (isNew(await auth.getAuthToken(options))) return
  }
  throw new Error('The manager got no token of the new authentication. Is it of this app and server?')
}
