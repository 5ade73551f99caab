import type { AuthError, AuthErrorCode } from './tokens/auth-error.ts'

/** The codes that a wrong configuration or an outage causes. The other codes are normal in operation. */
const WORTH_A_LINE: readonly AuthErrorCode[] = [
  'token_invalid',
  'proof_invalid',
  'keys_unavailable',
  'revocations_unavailable',
]
/** Strangers can cause refusals, so each code gets one line in this time. Milliseconds. */
const PAUSE = 60_000

/** Returns a function that warns in the console about refusals that an operator can mend. */
export function createRefusalLog(elapsed: () => number): (error: AuthError) => void {
  const warnedAt = new Map<AuthErrorCode, number>()
  return ({ code, reason }) => {
    if (!WORTH_A_LINE.includes(code) || elapsed() - (warnedAt.get(code) ?? -Infinity) < PAUSE) return
    warnedAt.set(code, elapsed())
    // oxlint-disable-next-line no-console -- Without a hook of the app, this is where an operator looks.
    console.warn(`Tokenkeep refused a request with ${code}. ${reason} https://tokenkeep.dev/errors/#${code}`)
  }
}
