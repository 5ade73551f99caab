import { browserEnvironment, REQUEST_TIMEOUT } from '../environment.ts'
import { TokenError } from '../errors.ts'
import type { AuthState } from '../machine/state.ts'
import type { TokenManager } from './api.ts'
import { sessionEnd } from './session-end.ts'
import { MAX_TRIES } from './timeouts.ts'

/** The delay before the next try. Milliseconds. */
const RETRY_DELAY = 1000

/**
 * Moves the end of the session by a refresh that counts as activity. All tabs learn of it. If the server cannot be reached,
 * the session and its auth token stay as they are. A session without a known end is refreshed as well.
 *
 * @throws TokenError `sign-in-required` if nobody is signed in, or if activity does not move the end: see
 * `SessionEnd.canStay`
 * @throws TokenError `unreachable` if the refresh failed, and the auth token can still be used; `onEvent` of the manager
 * tells why
 * @throws TokenError as `getAuthToken()` does
 *
 * @example
 * ```ts
 * import { createTokenManager, sessionServer, staySignedIn } from '@tokenkeep/core'
 *
 * const auth = createTokenManager({
 *   transport: sessionServer({ url: 'https://auth.example.com', appId: 'shop' }),
 * })
 * await staySignedIn(auth)
 * ```
 */
export async function staySignedIn(
  auth: Pick<TokenManager, 'get' | 'getAuthToken'>,
  env = browserEnvironment,
): Promise<void> {
  // The call may join a refresh that fails, or that does not count as activity, in this tab or another. So it tries again.
  for (let tries = 1; ; tries++) {
    const before = auth.get()
    const end = sessionEnd(before)
    if (end?.canStay === false) break
    // No token lives that long, so this refreshes once.
    // oxlint-disable-next-line no-await-in-loop -- Each try depends on the one before.
    await auth.getAuthToken({ minValidSeconds: Infinity })
    const after = auth.get()
    // A token that can still be used is served even if the refresh fails.
    const hasFailed = isSameToken(before, after)
    if (!hasFailed && (!end || hasMoved(end.endsAt, sessionEnd(after)?.endsAt))) return
    if (tries < MAX_TRIES)
      // oxlint-disable-next-line no-await-in-loop -- A pause between two tries.
      await new Promise<void>((resolve) => void env.after(RETRY_DELAY, resolve, true))
    else if (hasFailed) throw new TokenError('unreachable')
    else break
  }
  throw new TokenError('sign-in-required', { reason: 'expired' })
}

const isSameToken = (before: AuthState, after: AuthState): boolean =>
  before.status === 'valid' &&
  after.status === 'valid' &&
  before.token === after.token &&
  before.expiresAt === after.expiresAt

/**
 * Answers take longer or shorter to arrive, and the end is counted from their receipt. So a refresh without activity moves
 * the end a little too.
 */
const hasMoved = (before: number, after = Infinity): boolean => after - before > REQUEST_TIMEOUT
