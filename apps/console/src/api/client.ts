import type { ErrorCode } from '@tokenkeep/protocol'
import { createAuthFetch, createStepUp } from '@tokenkeep/react'
import { auth, server } from '../session.ts'
import { ApiError } from './api-error.ts'
import { askForPasskey } from './reauthentication.ts'

const authFetch = createAuthFetch(auth, { stepUp: createStepUp({ reauthenticate: askForPasskey }) })

interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly body?: object
  /** The version that the change is based on (If-Match, RFC 9110 section 13.1.1). */
  readonly ifMatch?: number
  readonly signal?: AbortSignal
}

/**
 * Calls the management API as the signed-in admin. If the server wants a more recent sign-in, the admin confirms first.
 * @throws {ApiError} if the server refuses the request or cannot be reached.
 * @throws {TokenError} if nobody is signed in.
 */
export async function callApi<T>(
  path: string,
  { method = 'GET', body, ifMatch, signal }: RequestOptions = {},
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
    if (cause instanceof TypeError) throw new ApiError(0, 'unreachable', 'the server does not respond', cause)
    throw cause
  })
  const text = await response.text()
  const content = parseJson(text)
  if (response.ok) return content as T
  const { code = 'unavailable', error = `status ${response.status}` } = (content ?? {}) as {
    code?: ErrorCode
    error?: string
  }
  throw new ApiError(response.status, code, error)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Builds a query string. Omits undefined and empty values; repeats a parameter for each item of a list. */
export function queryString(
  values: Readonly<Record<string, string | number | readonly string[] | undefined>>,
): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(values))
    for (const each of Array.isArray(value) ? value : [value])
      if (each !== undefined && each !== '') params.append(name, String(each))
  const text = params.toString()
  return text && `?${text}`
}
