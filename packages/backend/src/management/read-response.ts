import { ManagementError, type ManagementErrorCode } from './management-error.ts'

/**
 * Returns the JSON body of a successful response, or undefined if it is empty. `now`: milliseconds since the Unix epoch.
 *
 * @throws ManagementError for every other response
 */
export function readResponse<Value>(response: Response, text: string, now: number): Value {
  const { ok, status } = response
  const body = parseJson(text)
  if (ok && (body !== undefined || !text)) return body as Value
  const { code, error } = (body ?? {}) as { code?: unknown; error?: unknown }
  const details = { status, retryAt: readRetryAfter(response, now) }
  throw !ok && typeof code === 'string'
    ? new ManagementError(code as ManagementErrorCode, String(error), details)
    : new ManagementError(
        'unexpected_answer',
        `This response (${status}) did not come from a session server: check url and appId.`,
        details,
      )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** No server asks to wait longer, and no timer should. Milliseconds. */
const MAX_RETRY_AFTER = 86_400_000

/** Reads `Retry-After` (RFC 9110 section 10.2.3: seconds, or a date) as milliseconds since the Unix epoch, at most a day from now. */
function readRetryAfter({ headers }: Response, now: number): number | undefined {
  const value = headers.get('retry-after')
  if (!value) return undefined
  const at = /^\d+$/.test(value) ? now + Number(value) * 1000 : Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.min(at, now + MAX_RETRY_AFTER)
}
