import type { AuthResult } from '@tokenkeep/protocol'
import { asPasskeyError } from './passkey-error.ts'
import { supportsAutofill, type AutofillOptions, type Passkeys } from './passkeys.ts'

/** Milliseconds until a new challenge is asked for: the server keeps one for five minutes. */
const freshness = 240_000

interface OfferOptions extends AutofillOptions {
  readonly signal: AbortSignal
}

/**
 * Keeps passkeys on offer in the input's autofill. Resolves when one has signed its person in, or with undefined where
 * that never happens: stopped, not supported, or the server not reached. Rejects only for a passkey that was chosen.
 */
export async function offerPasskeys(
  passkeys: Passkeys,
  { signal, beforeFinish }: OfferOptions,
): Promise<AuthResult | undefined> {
  if (!(await supportsAutofill())) return undefined
  while (!signal.aborted) {
    const stale = AbortSignal.timeout(freshness)
    try {
      // oxlint-disable-next-line no-await-in-loop -- Each round follows on the one before.
      return await passkeys.autofill({
        signal: AbortSignal.any([signal, stale]),
        ...(beforeFinish && { beforeFinish }),
      })
    } catch (error) {
      if (stale.aborted) continue
      const { code } = asPasskeyError(error)
      if (signal.aborted || code === 'cancelled' || code === 'unreachable' || code === 'throttled')
        return undefined
      throw error
    }
  }
  return undefined
}
