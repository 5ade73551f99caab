import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  browserEnvironment,
  createAuthFetch,
  createTokenManager,
  memoryStore,
  sendProof,
  sessionServer,
  withProof,
} from '@tokenkeep/core'
import express from 'express'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { requireAuth } from './frameworks/express.ts'
import type { Backend } from './index.ts'
import { TestSessionServer } from '../test/session-server.ts'

// The whole chain: the token manager in the client, the session server, and an API with the SDK. Each over HTTP.

let server: TestSessionServer
let backend: Backend
let api: string
/** Milliseconds by which the clock of the client and of the servers is ahead. */
let ahead = 0
beforeAll(async () => {
  server = await TestSessionServer.create()
  const app = express()
  const http = createServer(app)
  await new Promise<void>((resolve) => http.listen(0, 'localhost', resolve))
  api = `http://localhost:${(http.address() as AddressInfo).port}`
  backend = server.backend({ dpop: { url: api }, onRefusal: () => {} })
  app.use(express.json())
  app.all('/bound', requireAuth(backend, { binding: 'required' }), (request, response) => {
    response.json({ userId: request.auth?.userId, body: request.body })
  })
  app.all(
    '/any',
    requireAuth(backend),
    (request, response) => void response.json(request.auth?.claims.cnf ?? {}),
  )
  return () => new Promise((resolve) => http.close(resolve))
})
afterAll(() => server.dispose())
beforeEach(() => {
  const { now } = Date
  vi.spyOn(Date, 'now').mockImplementation(() => now() + ahead)
})
afterEach(() => vi.restoreAllMocks())

async function signIn(binding: 'off' | 'preferred' | 'required', environment = browserEnvironment) {
  await server.manage('PATCH', '/settings', { binding })
  const user = await backend.users.create({ identifier: `${crypto.randomUUID()}@example.com` })
  const transport = withProof(sessionServer({ url: server.url, appId: 'demo' }))
  const auth = createTokenManager({ transport, storage: memoryStore(), environment })
  onTestFinished(() => auth.dispose())
  const opened = await backend.users.createSession(user.id)
  await auth.signIn(opened)
  const authFetch = createAuthFetch(auth, { origins: [api], proof: sendProof })
  const refresh = async (): Promise<string> => {
    const rejected = await auth.getAuthToken()
    ahead += 10_000
    return auth.getAuthToken({ rejected })
  }
  return { auth, authFetch, refresh, user, opened }
}

it.each(['preferred', 'required'] as const)('works with binding: %s', async (binding) => {
  const { authFetch, refresh, user, opened } = await signIn(binding)
  // Until the first refresh, the session is not bound.
  expect((await authFetch(`${api}/any`)).status).toBe(200)
  const token = await refresh()
  for (let tries = 0; tries < 3; tries++) {
    // oxlint-disable-next-line no-await-in-loop -- One after the other, as a page does.
    const response = await authFetch(`${api}/bound?a=1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"hello":"world"}',
    })
    expect([response.status, await response.json()]).toEqual([
      200,
      { userId: user.id, body: { hello: 'world' } },
    ])
  }
  const next = await refresh()
  expect(next).not.toBe(token)
  const [session] = await backend.users.listSessions(user.id)
  expect(session?.jkt).toMatch(/^[\w-]{43}$/)

  // A thief has the token, or the first refresh token, but no key.
  const stolen = await fetch(`${api}/any`, { headers: { authorization: `Bearer ${next}` } })
  expect([stolen.status, await stolen.json()]).toMatchObject([401, { code: 'proof_invalid' }])
  expect((await server.tokens('POST', opened.refresh_token!)).ok).toBe(false)
})

it('refreshes and proves again when the API rejects a token', async () => {
  const { authFetch, refresh, auth } = await signIn('preferred')
  await refresh()
  ahead += 301_000
  // The auth token has expired at the API and in the client.
  expect((await authFetch(`${api}/bound`)).status).toBe(200)
  await auth.signOut()
  await expect(authFetch(`${api}/bound`, { authToken: 'always' })).rejects.toMatchObject({
    code: 'sign-in-required',
  })
})

it('changes nothing with binding: off', async () => {
  const { authFetch, refresh } = await signIn('off')
  await refresh()
  expect(await (await authFetch(`${api}/any`)).json()).toEqual({})
  const refused = await authFetch(`${api}/bound`)
  expect([refused.status, await refused.json()]).toMatchObject([401, { code: 'token_unbound' }])
})

it('goes on if the clock of the client is wrong by an hour', async () => {
  const now = (): number => Date.now() - 3_600_000
  const entropy = () => ({ ...browserEnvironment.entropy(), now: now() })
  const { authFetch, refresh } = await signIn('preferred', { ...browserEnvironment, now, entropy })
  await refresh()
  await refresh()
  expect((await authFetch(`${api}/bound`)).status).toBe(200)
})
