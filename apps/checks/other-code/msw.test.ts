// @vitest-environment jsdom
import { createAuthFetch } from '@tokenkeep/core'
import { authorizeAxios } from '@tokenkeep/core/axios'
import axios from 'axios'
import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, expect, it } from 'vitest'

// Mock Service Worker in jsdom, with the relative URLs that an app's tests use (case D10).

const tokens: (string | null)[] = []
const server = setupServer(
  http.all('/api/:rest', async ({ request }) => {
    tokens.push(request.headers.get('authorization'))
    return request.headers.get('authorization') === 'Bearer fresh'
      ? HttpResponse.json({ body: await request.text() })
      : new HttpResponse(null, { status: 401 })
  }),
)
// Created before the mock replaces `fetch`, as an app's module is.
const auth = {
  getAuthToken: async (asked?: { rejected?: string }) => (asked?.rejected ? 'fresh' : 'stale'),
}
const send = createAuthFetch(auth)
beforeAll(() => server.listen())
afterAll(() => server.close())

it('relative URLs work, with a signal and a body', async () => {
  tokens.length = 0
  const { signal } = new AbortController()
  const response = await send('/api/orders', { method: 'POST', body: 'an order', signal })
  expect(await response.json()).toEqual({ body: 'an order' })
  expect(tokens).toEqual(['Bearer stale', 'Bearer fresh'])
})

it('an aborted request rejects as an aborted fetch does', async () => {
  const caller = new AbortController()
  const call = send('/api/orders', { signal: caller.signal })
  caller.abort()
  await expect(call).rejects.toMatchObject({ name: 'AbortError' })
})

it('axios works, with XMLHttpRequest', async () => {
  tokens.length = 0
  const instance = axios.create({ baseURL: '/api' })
  authorizeAxios(instance, auth)
  expect((await instance.post('/orders', 'an order')).data).toEqual({ body: 'an order' })
  expect(tokens).toEqual(['Bearer stale', 'Bearer fresh'])
})
