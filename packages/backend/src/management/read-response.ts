import { ManagementError, type ManagementErrorCode } from './management-error.ts'

/** What a successful answer holds, and undefined for an empty one. Throws a `ManagementError` for any other. */
export function readAnswer<Value>(response: Response, text: string, now: number): Value {
  const { ok, status } = response
  const body = parse(text)
  if (ok && (body !== undefined || !text)) return body as Value
  const { code, error } = (body ?? {}) as { code?: unknown; error?: unknown }
  const details = { status, retryAt: retryAt(response, now) }
  throw !ok && typeof code === 'string'
    ? new ManagementError(code as ManagementErrorCode, String(error), details)
    : new ManagementError('unexpected_answer', `not a session server's answer (${status})`, details)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** When an answer asks to come again (RFC 9110 section 10.2.3): seconds from now, or a date. */
function retryAt({ headers }: Response, now: number): number | undefined {
  const value = headers.get('retry-after')
  if (!value) return undefined
  const at = /^\d+$/.test(value) ? now + Number(value) * 1000 : Date.parse(value)
  return Number.isNaN(at) ? undefined : at
}
