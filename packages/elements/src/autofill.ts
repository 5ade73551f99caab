import type { AuthResult } from '@tokenkeep/protocol'
import { deadline } from './deadline.ts'
import { toPasskeyError } from './passkey-error.ts'
import { supportsAutofill, type AutofillOptions, type Passkeys } from './passkeys.ts'

/** After this time, the next challenge is requested: 20 hours, in milliseconds. The server accepts a choice for one day. */
const challengeLifetime = 72_000_000

interface OfferOptions extends AutofillOptions {
  readonly signal: AbortSignal
}

/**
 * Offers passkeys in the input's autofill, with a fresh challenge every 20 hours. Resolves to the result of a
 * sign-in. Resolves to undefined if the signal is aborted, or if passkeys cannot be offered: the user asked for nothing,
 * so there is no error to show.
 *
 * @throws PasskeyError if the user chose a passkey and the sign-in failed
 */
export async function offerPasskeys(
  passkeys: Passkeys,
  { signal, beforeFinish }: OfferOptions,
): Promise<AuthResult | undefined> {
  if (!(await supportsAutofill())) return undefined
  while (!signal.aborted) {
    const limit = deadline(challengeLifetime, signal)
    let isChosen = false
    try {
      // oxlint-disable-next-line no-await-in-loop -- The next challenge replaces this one.
      return await passkeys.autofill({
        signal: limit.signal,
        beforeFinish: async () => {
          isChosen = true
          // The user is signing in, which may take longer than the offer.
          limit.lift()
          return (await beforeFinish?.()) ?? true
        },
      })
    } catch (error) {
      const isCancelled = signal.aborted || toPasskeyError(error).code === 'cancelled'
      if (isChosen && !isCancelled) throw error
      if (isChosen || !limit.signal.aborted) return undefined
    } finally {
      limit.clear()
    }
  }
  return undefined
}
