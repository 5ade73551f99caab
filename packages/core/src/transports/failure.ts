import type { HttpResponse } from '../platform.ts'
import type { Answer } from '../tabs/protocol.ts'

/** What an answer that is no answer to the question says of the way to the server. It says nothing of the session. */
export function failure({ status, headers }: HttpResponse, now: number): Answer {
  // RFC 9110 section 10.2.3: seconds, or a date.
  const after = headers.get('retry-after')
  // oxlint-disable-next-line no-restricted-globals -- It reads a date, not the clock.
  const ms = Number(after) * 1000 || Date.parse(after!) - now
  return {
    // From 408 (Request Timeout) on, it may be better next time.
    failed: status === 429 ? 'throttled' : status < 408 ? 'misconfigured' : 'unreachable',
    // An hour at most.
    retryAfter: ms > 0 ? Math.min(ms, 3_600_000) : undefined,
  }
}
