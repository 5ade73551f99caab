import { readAnswer } from './read-response.ts'
import { backoff, sleep } from '../backoff.ts'
import { isManagementError, ManagementError } from './management-error.ts'

export interface ManagementApiOptions {
  /** The app's address, which is its issuer. */
  readonly issuer: string
  readonly apiKey: string | undefined
  readonly fetch: typeof fetch
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

export interface Call {
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
  /** True where doing it twice is the same as doing it once. Default: for GET and DELETE (RFC 9110 section 9.2.2). */
  readonly idempotent?: boolean
}

/** Calls the management API with the app's API key. Rejects with a `ManagementError`. */
export type ManagementApi = <Answer>(method: string, path: string, call?: Call) => Promise<Answer>

/** Times are milliseconds. */
const bounds = { request: 10_000, tries: 4, firstPause: 200, longestPause: 10_000 }

export function createManagementApi({ issuer, apiKey, fetch, now }: ManagementApiOptions): ManagementApi {
  async function once<Answer>(method: string, path: string, { query = {}, body, headers }: Call) {
    const url = new URL(issuer + path)
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value))
    const authorization = `Bearer ${needed(apiKey)}`
    try {
      const response = await fetch(url, {
        method,
        headers: { authorization, 'content-type': 'application/json', ...headers },
        ...(body && { body: JSON.stringify(body) }),
        redirect: 'manual',
        signal: AbortSignal.timeout(bounds.request),
      })
      return readAnswer<Answer>(response, await response.text(), now())
    } catch (cause) {
      if (isManagementError(cause)) throw cause
      throw new ManagementError('unreachable', 'the session server did not answer', { cause })
    }
  }

  return async <Answer>(method: string, path: string, call: Call = {}) => {
    const { idempotent = method === 'GET' || method === 'DELETE' } = call
    for (let failures = 0; ; failures++) {
      try {
        return await once<Answer>(method, path, call)
      } catch (error) {
        if (!isManagementError(error) || failures + 1 === bounds.tries) throw error
        const pause = error.retryAt
          ? error.retryAt - now()
          : backoff(failures, bounds.firstPause, bounds.longestPause)
        if (pause > bounds.longestPause || !mayRepeat(error, idempotent)) throw error
        await sleep(pause)
      }
    }
  }
}

/** 429 was refused before anything was done; after the others, what was asked for may have happened. */
const mayRepeat = ({ code, status = 0 }: ManagementError, idempotent: boolean): boolean =>
  status === 429 || (idempotent && (code === 'unreachable' || [502, 503, 504].includes(status)))

/** @throws TypeError where the backend was created without an API key */
export function needed(apiKey: string | undefined): string {
  if (!apiKey) throw new TypeError('this needs createBackend to be given an apiKey')
  return apiKey
}
