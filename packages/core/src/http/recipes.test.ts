import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import ky from 'ky'
import { ofetch, createFetch } from 'ofetch'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createAuthFetch } from './fetch.ts'

// Tests the recipes of docs/recipes/http-clients.md against a real server that refuses the first token.

let url: string
const server = createServer(({ headers }, response) => {
  const fresh = headers.authorization === 'Bearer fresh'
  response.writeHead(fresh ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify({ fresh }))
})
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  url = `http://localhost:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())

const auth = {
  getAuthToken: async (options?: { rejected?: string }) => (options?.rejected ? 'fresh' : 'stale'),
}

it('ky sends the token, and replays after a 401', async () => {
  const api = ky.create({ fetch: createAuthFetch(auth, { origins: [url] }), retry: 0 })
  expect(await api.get(`${url}/things`).json()).toEqual({ fresh: true })
})

it('ofetch sends the token, and replays after a 401', async () => {
  const api = createFetch({ fetch: createAuthFetch(auth, { origins: [url] }) })
  expect(await api(`${url}/things`)).toEqual({ fresh: true })
  await expect(ofetch(`${url}/things`, { retry: 0 })).rejects.toMatchObject({ status: 401 })
})
