import type { AuthResult } from '@tokenkeep/protocol'
import { toPasskeyError } from './passkey-error.ts'
import { supportsAutofill, type AutofillOptions, type Passkeys } from './passkeys.ts'

/** After this time, the next challenge is requested. Milliseconds. The server keeps a challenge for five minutes. */
const challengeLifetime = 240_000

interface OfferOptions extends AutofillOptions {
  readonly signal: AbortSignal
}

/**
 * Offers passkeys in the input's autofill, with a fresh challenge every four minutes. Resolves to the result of a
 * sign-in. Resolves to undefined if the browser has no autofill for passkeys, if the signal is aborted, or if the server
 * cannot be reached: the user asked for nothing, so there is no error to show.
 *
 * @throws PasskeyError if the user chose a passkey and the sign-in failed
 */
export async function offerPasskeys(
  passkeys: Passkeys,
  { signal, beforeFinish }: OfferOptions,
): Promise<AuthResult | undefined> {
  if (!(await supportsAutofill())) return undefined
  while (!signal.aborted) {
    const stale = AbortSignal.timeout(challengeLifetime)
    try {
      // oxlint-disable-next-line no-await-in-loop -- The next challenge replaces this one.
      return await passkeys.autofill({
        signal: AbortSignal.any([signal, stale]),
        ...(beforeFinish && { beforeFinish }),
      })
    } catch (error) {
      if (stale.aborted) continue
      const { code } = toPasskeyError(error)
      if (signal.aborted || code === 'cancelled' || code === 'unreachable' || code === 'throttled')
        return undefined
      throw error
    }
  }
  return undefined
}
