import { backoff, sleep } from '../timing.ts'
import { isManagementError, ManagementError } from './management-error.ts'
import { readResponse } from './read-response.ts'

export interface ManagementApiOptions {
  /** The base address of the app's API. */
  readonly base: string
  readonly apiKey: string | undefined
  readonly fetch: typeof fetch
  /** Returns the time in milliseconds since the Unix epoch. */
  readonly now: () => number
}

export interface Call {
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
  /** True if a repeated call has the same effect as one. Default: true for GET and DELETE (RFC 9110 section 9.2.2). */
  readonly idempotent?: boolean
}

/**
 * Calls the management API with the API key. Repeats calls that are safe to repeat.
 *
 * @throws ManagementError if the call fails
 * @throws TypeError if there is no API key
 */
export type ManagementApi = <Value>(method: string, path: string, call?: Call) => Promise<Value>

// All of these are milliseconds, except the number of tries.
const REQUEST_TIMEOUT = 10_000
const MAX_TRIES = 4
const FIRST_PAUSE = 200
const MAX_PAUSE = 10_000

export function createManagementApi({ base, apiKey, fetch, now }: ManagementApiOptions): ManagementApi {
  async function send<Value>(method: string, path: string, { query = {}, body, headers }: Call) {
    const url = new URL(base + path)
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value))
    const authorization = `Bearer ${requireApiKey(apiKey)}`
    try {
      const response = await fetch(url, {
        method,
        headers: { authorization, 'content-type': 'application/json', ...headers },
        ...(body && { body: JSON.stringify(body) }),
        redirect: 'manual',
        signal: AbortSignal.timeout(REQUEST_TIMEOUT),
      })
      return readResponse<Value>(response, await response.text(), now())
    } catch (cause) {
      if (isManagementError(cause)) throw cause
      throw new ManagementError(
        'unreachable',
        'The session server did not answer: check url, or try again later.',
        { cause },
      )
    }
  }

  return async <Value>(method: string, path: string, call: Call = {}) => {
    const { idempotent = method === 'GET' || method === 'DELETE' } = call
    for (let failures = 0; ; failures++) {
      try {
        return await send<Value>(method, path, call)
      } catch (error) {
        if (!isManagementError(error) || failures + 1 === MAX_TRIES) throw error
        const pause = Math.max((error.retryAt ?? 0) - now(), backoff(failures, FIRST_PAUSE, MAX_PAUSE))
        if (pause > MAX_PAUSE || !mayRepeat(error, idempotent)) throw error
        await sleep(pause)
      }
    }
  }
}

/** After a 429 nothing was done, so every call may be repeated. After the other failures, the call may have taken effect. */
const mayRepeat = ({ code, status = 0 }: ManagementError, idempotent: boolean): boolean =>
  status === 429 || (idempotent && (code === 'unreachable' || [502, 503, 504].includes(status)))

/** @throws TypeError if the backend was created without an API key */
export function requireApiKey(apiKey: string | undefined): string {
  if (!apiKey) throw new TypeError('The API key is missing. Pass apiKey to createBackend.')
  return apiKey
}
