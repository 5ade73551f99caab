import type { ErrorCode } from '@tokenkeep/protocol'
import { createAuthFetch } from '@tokenkeep/react'
import { auth, server } from '../session.ts'

/** The server's refusal, or `unreachable`. `message` is in the server's words. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: ErrorCode | 'unreachable'

  constructor(status: number, code: ErrorCode | 'unreachable', message: string, cause?: unknown) {
    super(message, { cause })
    this.status = status
    this.code = code
  }
}

export const isApiError = (error: unknown, code?: ApiError['code']): error is ApiError =>
  error instanceof ApiError && (code === undefined || error.code === code)

const authFetch = createAuthFetch(auth)

interface Call {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly body?: object
  /** The version the change is made on (RFC 9110 section 13.1.1). */
  readonly ifMatch?: number
  readonly signal?: AbortSignal
}

/** Calls the session server as the admin who is signed in. Rejects with an `ApiError`, or a `TokenError` without a session. */
export async function call<T>(
  path: string,
  { method = 'GET', body, ifMatch, signal }: Call = {},
): Promise<T> {
  const response = await authFetch(`${server}/v1/apps${path}`, {
    method,
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(ifMatch !== undefined && { 'if-match': `"${ifMatch}"` }),
    },
    ...(body && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  }).catch((cause: unknown) => {
    if (cause instanceof TypeError) throw new ApiError(0, 'unreachable', 'the server does not answer', cause)
    throw cause
  })
  const text = await response.text()
  const answer = parse(text)
  if (response.ok) return answer as T
  const { code = 'unavailable', error = `status ${response.status}` } = (answer ?? {}) as {
    code?: ErrorCode
    error?: string
  }
  throw new ApiError(response.status, code, error)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Query parameters; what is undefined or empty is left out. */
export function query(
  values: Readonly<Record<string, string | number | readonly string[] | undefined>>,
): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(values))
    for (const each of Array.isArray(value) ? value : [value])
      if (each !== undefined && each !== '') params.append(name, String(each))
  const text = params.toString()
  return text && `?${text}`
}
