import { describe, expect, it } from 'vitest'
import { expireToken, pass, signedIn, tabs, until, untilRefreshes } from '../../test/each-test.ts'
import type { Delivery } from '../../test/tabs.ts'
import type { Status } from '../machine/state.ts'

const portal = (): Response =>
  new Response('<html>Welcome to our hotel</html>', { headers: { 'content-type': 'text/html' } })
const rateLimited = (headers: Record<string, string> = {}): Response =>
  Response.json({ code: 'rate_limited' }, { status: 429, headers })

describe('a failure signs nobody out, and the next call gets a token', () => {
  const failures: [string, Delivery][] = [
    ['F29: offline', 'lost'],
    ['F27: 500', () => new Response('', { status: 500 })],
    ['F27: 503 with JSON', () => Response.json({ code: 'unavailable' }, { status: 503 })],
    ['F28: 429', () => rateLimited()],
    ['F30: a captive portal', portal],
    ["F34: a proxy's 401", () => new Response('<html>', { status: 401 })],
    ['F34: 403', () => new Response('', { status: 403 })],
    ['F34: 404', () => new Response('', { status: 404 })],
    [
      'F30: 201 with an invalid body',
      () => Response.json({ auth_result: { auth_token: 'x' } }, { status: 201 }),
    ],
  ]
  for (const [title, failure] of failures)
    it(title, async () => {
      const auth = await signedIn()
      await expireToken()
      const statuses: Status[] = []
      auth.subscribe(({ status }) => statuses.push(status))
      tabs.delivery = failure
      const failed = auth.getAuthToken().catch((error: unknown) => error)
      await pass(60_000)
      expect(await failed).toMatchObject({
        name: 'TokenError',
        code: expect.stringMatching(/unreachable|throttled|misconfigured/),
      })
      expect(statuses).not.toContain('signed-out')
      tabs.delivery = 'served'
      await expect(auth.getAuthToken()).resolves.toMatch(/^h\./)
    })
})

it('a retry carries the same idempotency key, also in the next tab after a crash', async () => {
  const auth = await signedIn()
  await expireToken()
  tabs.deliveries = ['hanging']
  void auth.getAuthToken().catch(() => {})
  await untilRefreshes(1)
  auth.crash()
  await tabs.create().getAuthToken()
  const keys = tabs.refreshes.map(({ headers }) => headers.get('idempotency-key'))
  expect(keys).toHaveLength(2)
  expect(keys[0]).toBe(keys[1])
})

it('F28: no tab sends a refresh before the server’s Retry-After has passed', async () => {
  const [one, two] = [await signedIn(), tabs.create()]
  await until(two, 'valid')
  await expireToken()
  tabs.delivery = () => rateLimited({ 'retry-after': '30' })
  await expect(one.getAuthToken()).rejects.toMatchObject({
    code: 'throttled',
    retryAt: Date.now() + 30_000,
  })
  await expect(two.getAuthToken()).rejects.toMatchObject({ code: 'throttled' })
  expect(tabs.refreshes).toHaveLength(1)
  tabs.delivery = 'served'
  await pass(30_000)
  await Promise.all([one.getAuthToken(), two.getAuthToken()])
  expect(tabs.refreshes).toHaveLength(2)
})
