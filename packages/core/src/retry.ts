import type { Failed } from './refresh.ts'

/** What an answer that is no answer to the question says of the way to the server. It says nothing of the session. */
export function failure(response: Response, now: number): Failed {
  const { status } = response
  const after = retryAfter(response, now)
  const patience = after === undefined ? {} : { retryAfter: after }
  if (status === 429) return { is: 'failed', code: 'throttled', ...patience }
  const passing = status >= 500 || status === 408 || status === 425
  return passing
    ? { is: 'failed', code: 'unreachable', ...patience }
    : { is: 'failed', code: 'misconfigured' }
}

/** RFC 9110 section 10.2.3: seconds, or a date. Returns milliseconds, at most an hour. */
function retryAfter(response: Response, now: number): number | undefined {
  const value = response.headers.get('retry-after')
  if (!value) return undefined
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now
  return ms >= 0 ? Math.min(ms, 3_600_000) : undefined
}
