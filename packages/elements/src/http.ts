import { PasskeyError, refusal } from './passkey-error.ts'

/** Milliseconds an answer may take. */
const patience = 15_000

/** Posts JSON and returns the answer's. Rejects with a `PasskeyError`. */
export async function post<T>(url: string, body: object, signal?: AbortSignal): Promise<T> {
  const limit = AbortSignal.timeout(patience)
  let response: Response
  let answer: unknown
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    })
    answer = await response.json()
  } catch (cause) {
    throw new PasskeyError(signal?.aborted ? 'cancelled' : 'unreachable', { cause })
  }
  if (response.ok) return answer as T
  const retryAfter = Number(response.headers.get('retry-after')) || undefined
  throw refusal((answer as { code?: unknown } | null)?.code, response.status, retryAfter)
}
