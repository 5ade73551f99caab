import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { post } from './http.ts'
import type { PasskeyError } from './passkey-error.ts'

let server: Server
let url: string
let answer: { status: number; body: string; headers?: Record<string, string> }
let received: string

beforeAll(async () => {
  server = createServer(async (request, response) => {
    received = ''
    for await (const chunk of request) received += String(chunk)
    if (answer.status === 0) return
    response.writeHead(answer.status, answer.headers).end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  url = `http://localhost:${(server.address() as AddressInfo).port}/`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const failure = (): Promise<PasskeyError> =>
  post(url, {}).then(
    () => Promise.reject(new Error('the request did not fail')),
    (error: PasskeyError) => error,
  )

test('posts JSON and returns the JSON of the response', async () => {
  answer = { status: 200, body: '{"user":{"id":"1"}}' }
  expect(await post(url, { identifier: 'ada' })).toEqual({ user: { id: '1' } })
  expect(received).toBe('{"identifier":"ada"}')
})

test.each([
  [404, 'user_not_found', 'unknown-user'],
  [409, 'user_has_no_passkeys', 'no-passkey'],
  [403, 'user_not_active', 'inactive'],
  [401, 'webauthn_login_failed', 'rejected'],
  [409, 'conflict', 'taken'],
  [403, 'operation_not_allowed', 'closed'],
  [403, 'origin_not_allowed', 'wrong-address'],
  [503, 'unavailable', 'unreachable'],
  [500, 'internal_server_error', 'unreachable'],
  [418, 'teapot', 'failed'],
])('maps %i %s to %s', async (status, code, expected) => {
  answer = { status, body: JSON.stringify({ code, error: 'no' }) }
  expect((await failure()).code).toBe(expected)
})

test('tells how many seconds to wait if the server throttles', async () => {
  answer = { status: 429, body: '{"code":"rate_limited"}', headers: { 'retry-after': '7' } }
  expect(await failure()).toMatchObject({ code: 'throttled', retryAfter: 7 })
})

test("maps a captive portal's page to unreachable", async () => {
  answer = { status: 200, body: '<!doctype html>' }
  expect((await failure()).code).toBe('unreachable')
})

test('maps a redirect to unreachable, and does not follow it', async () => {
  answer = { status: 307, body: '', headers: { location: url } }
  expect((await failure()).code).toBe('unreachable')
})

test("rejects with cancelled if the caller's signal is aborted", async () => {
  answer = { status: 0, body: '' }
  const stop = new AbortController()
  const request = post(url, {}, { signal: stop.signal })
  stop.abort()
  await expect(request).rejects.toMatchObject({ code: 'cancelled' })
})
