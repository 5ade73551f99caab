import type { Auth } from './verify.ts'

/** How recently, and how, the user must have authenticated (RFC 9470). */
export interface AssuranceOptions {
  /**
   * How long ago the user may have authenticated: the age of the claim `auth_time`, in whole seconds. A refresh does not change
   * it. If it is older, the answer is 401, and the client asks the user to authenticate again. Default: any time.
   */
  readonly maxAgeSeconds?: number | undefined
  /**
   * The authentication classes of which the claim `acr` must be one, with the preferred one first. `phr`: phishing-resistant, by
   * a passkey. If it is none of them, or absent, the answer is 401. Default: any.
   */
  readonly acrValues?: readonly string[] | undefined
}

/**
 * Returns a function that tells whether the authentication of a token is sufficient. `now`: milliseconds since the Unix epoch.
 *
 * @throws TypeError (the returned function) if an option is not usable
 */
export const createAssuranceCheck =
  (clockToleranceSeconds: number, now: () => number) =>
  ({ claims }: Auth, { maxAgeSeconds, acrValues }: AssuranceOptions): boolean => {
    if (maxAgeSeconds !== undefined && (!Number.isInteger(maxAgeSeconds) || maxAgeSeconds < 0))
      throw new TypeError('maxAgeSeconds is not usable. Pass a whole number of seconds.')
    if (acrValues && !(acrValues.length && acrValues.every((value) => CLASS.test(value))))
      throw new TypeError(
        'acrValues is empty or has an entry with a space or a quote. Pass names such as phr.',
      )
    const age = now() / 1000 - claims.auth_time
    const isRecent =
      maxAgeSeconds === undefined ||
      (age >= -clockToleranceSeconds && age <= maxAgeSeconds + clockToleranceSeconds)
    return isRecent && (!acrValues || (claims.acr !== undefined && acrValues.includes(claims.acr)))
  }

/** What a challenge can name (RFC 9470 section 3): it lists classes with spaces, in quotes. */
const CLASS = /^[\x21\x23-\x5b\x5d-\x7e]+$/
