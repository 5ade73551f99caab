import type { HttpResponse } from '../platform.ts'
import type { Failed } from '../tabs/answer.ts'

/** The longest wait that a server can ask for. Milliseconds. */
export const MAX_RETRY_AFTER = 3_600_000

/** Maps an unexpected response to a failure. It never ends the session. `now`: milliseconds since the Unix epoch. */
export function failure({ status, headers }: HttpResponse, now: number): Failed {
  // RFC 9110 section 10.2.3: seconds, or a date.
  const after = headers.get('retry-after')
  // oxlint-disable-next-line no-restricted-globals -- Reads a date, not the clock.
  const ms = Number(after) * 1000 || Date.parse(after!) - now
  return {
    // From 408 (Request Timeout) on, another try may succeed.
    failed: status === 429 ? 'throttled' : status < 408 ? 'misconfigured' : 'unreachable',
    retryAfter: ms > 0 ? Math.min(ms, MAX_RETRY_AFTER) : undefined,
  }
}
