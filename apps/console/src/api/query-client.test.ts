import { TokenError } from '@tokenkeep/react'
import { expect, test } from 'vitest'
import { ApiError } from './api-error.ts'
import { refetchEvery } from './query-client.ts'

const every = (error: Error | null, usual: number | false = false) =>
  refetchEvery(usual)({ state: { error } })

test('asks again by itself after each temporary failure (case H8)', () => {
  for (const error of [
    new ApiError(0, 'unreachable', 'the server does not respond'),
    new ApiError(429, 'rate_limited', 'wait'),
    new ApiError(500, 'internal_server_error', 'no'),
    new ApiError(503, 'unavailable', 'no'),
    new TokenError('unreachable'),
    new TokenError('throttled'),
    new TypeError('Failed to fetch'),
  ])
    expect(every(error)).toBe(3000)
})

test('does not ask again if the answer would be the same (case H8)', () => {
  for (const error of [
    new ApiError(403, 'operation_not_allowed', 'no'),
    new ApiError(404, 'user_not_found', 'no'),
    new TokenError('sign-in-required'),
    new TokenError('misconfigured'),
  ])
    expect(every(error)).toBe(false)
  expect(every(null)).toBe(false)
  expect(every(null, 10_000)).toBe(10_000)
})
