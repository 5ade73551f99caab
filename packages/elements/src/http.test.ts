import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { post } from './http.ts'
import type { PasskeyError } from './passkey-error.ts'

let server: Server
let url: string
let answer: { status: number; body: string; headers?: Record<string, string> }
let heard: string

beforeAll(async () => {
  server = createServer(async (request, response) => {
    heard = ''
    for await (const chunk of request) heard += String(chunk)
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

const refused = (): Promise<PasskeyError> =>
  post(url, {}).then(
    () => Promise.reject(new Error('it was not refused')),
    (error: PasskeyError) => error,
  )

test('sends JSON and returns the answer', async () => {
  answer = { status: 200, body: '{"user":{"id":"1"}}' }
  expect(await post(url, { identifier: 'ada' })).toEqual({ user: { id: '1' } })
  expect(heard).toBe('{"identifier":"ada"}')
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
])('%i %s is %s', async (status, code, expected) => {
  answer = { status, body: JSON.stringify({ code, error: 'no' }) }
  expect((await refused()).code).toBe(expected)
})

test('says how long to wait', async () => {
  answer = { status: 429, body: '{"code":"rate_limited"}', headers: { 'retry-after': '7' } }
  expect(await refused()).toMatchObject({ code: 'throttled', retryAfter: 7 })
})

test("a captive portal's page is no answer", async () => {
  answer = { status: 200, body: '<!doctype html>' }
  expect((await refused()).code).toBe('unreachable')
})

test('follows no redirect', async () => {
  answer = { status: 307, body: '', headers: { location: url } }
  expect((await refused()).code).toBe('unreachable')
})

test("the caller's signal ends the wait", async () => {
  answer = { status: 0, body: '' }
  const stop = new AbortController()
  const asked = post(url, {}, stop.signal)
  stop.abort()
  await expect(asked).rejects.toMatchObject({ code: 'cancelled' })
})
