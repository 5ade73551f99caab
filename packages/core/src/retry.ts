import type { HttpResponse } from './platform.ts'
import type { Answer } from './protocol.ts'

/** What an answer that is no answer to the question says of the way to the server. It says nothing of the session. */
export function failure({ status, headers }: HttpResponse, now: number): Answer {
  const passing = status >= 500 || status === 408 || status === 425
  return {
    failed: status === 429 ? 'throttled' : passing ? 'unreachable' : 'misconfigured',
    retryAfter: retryAfter(headers.get('retry-after'), now),
  }
}

/** RFC 9110 section 10.2.3: seconds, or a date. Returns milliseconds, at most an hour. */
function retryAfter(value: string | null, now: number): number | undefined {
  // oxlint-disable-next-line no-restricted-globals -- It reads a date, not the clock.
  const ms = Number(value) * 1000 || Date.parse(value!) - now
  return ms > 0 ? Math.min(ms, 3_600_000) : undefined
}
