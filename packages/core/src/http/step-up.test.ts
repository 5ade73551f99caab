import axios from 'axios'
import { beforeEach, expect, it, vi } from 'vitest'
import { api, auth, url } from '../../test/each-api.ts'
import { authResult } from '../../test/tokens.ts'
import { createTokenManager } from '../manager/manager.ts'
import { memoryStore } from '../stores/store.ts'
import { sessionServer } from '../transports/session-server.ts'
import { authorizeAxios } from './axios.ts'
import { createAuthFetch, type AuthFetchOptions } from './fetch.ts'
import { createStepUp, type StepUpOptions } from './step-up.ts'

const CHALLENGE = 'Bearer error="insufficient_user_authentication", max_age="60", acr_values="phr"'

/** The token of the last authentication: the API accepts only this one. */
let accepted: string | undefined
const prompts = vi.fn<StepUpOptions['reauthenticate']>()
/** What the element does: the server records the authentication, and the next refresh brings a token that says so. */
const confirm = async (): Promise<void> => {
  accepted = await auth.getAuthToken({ minValidSeconds: Infinity })
}
beforeEach(() => {
  accepted = undefined
  prompts.mockReset().mockImplementation(confirm)
  api.accepts = (token) => token === accepted
  api.challenge = CHALLENGE
})
const create = (options: AuthFetchOptions = {}) =>
  createAuthFetch(auth, { origins: [url], stepUp: createStepUp({ reauthenticate: prompts }), ...options })
const post = { method: 'POST', body: 'an order' }

it('asks the user, and sends the request once more with its body and the new token (RFC 9470)', async () => {
  const answer = await create()(`${url}/api`, post)
  expect([answer.status, await answer.text()]).toEqual([200, 'an order'])
  expect(prompts).toHaveBeenCalledExactlyOnceWith({ maxAgeSeconds: 60, acrValues: ['phr'] })
  expect(api.seen.at(-1)).toEqual({ token: accepted, body: 'an order' })
})

it('sends a `Request` once more with its body', async () => {
  const answer = await create()(new Request(`${url}/api`, post))
  expect([answer.status, await answer.text()]).toEqual([200, 'an order'])
})

it('asks once for ten parallel requests, and sends each with its own body (witoldsz/angular-http-auth#43)', async () => {
  const send = create()
  const bodies = Array.from({ length: 10 }, (_, index) => `body ${index}`)
  const answers = await Promise.all(bodies.map((body) => send(`${url}/api`, { method: 'POST', body })))
  expect(await Promise.all(answers.map((each) => each.text()))).toEqual(bodies)
  expect(answers.map(({ status }) => status)).toEqual(bodies.map(() => 200))
  expect(prompts).toHaveBeenCalledOnce()
})

it('does not ask again for an answer that was under way while the user was asked', async () => {
  let release = () => {}
  const held = new Promise<void>((resolve) => (release = resolve))
  const slow: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init)
    if (new URL((input as Request).url).search === '?slow') await held
    return answer
  }
  const send = create({ fetch: slow })
  const late = send(`${url}/api?slow`)
  await vi.waitFor(() => expect(api.seen.length).toBeGreaterThan(0))
  expect((await send(`${url}/api`)).status).toBe(200)
  release()
  expect((await late).status).toBe(200)
  expect(prompts).toHaveBeenCalledOnce()
})

it('returns the second 401, and asks no third time: no loop if the clock of an API is wrong (okta/okta-signin-widget#1899)', async () => {
  api.accepts = () => false
  const send = create()
  const together = await Promise.all([1, 2, 3].map(() => send(`${url}/api`)))
  expect(together.map(({ status }) => status)).toEqual([401, 401, 401])
  expect(prompts).toHaveBeenCalledOnce()
})

it('never has two prompts open, also if the requests need different classes', async () => {
  let open = 0
  const asked: string[] = []
  prompts.mockImplementation(async ({ acrValues }) => {
    expect(++open).toBe(1)
    asked.push(acrValues.join(' '))
    await new Promise((resolve) => setTimeout(resolve))
    open -= 1
  })
  const answers = ['phr', 'phrh', 'phr'].map((acr) => {
    const challenge = `Bearer error="insufficient_user_authentication", acr_values="${acr}"`
    return new Response(null, { status: 401, headers: { 'www-authenticate': challenge } })
  })
  // The token has just arrived, so no 401 begins a refresh.
  const send = create({ fetch: async () => answers.shift() ?? new Response() })
  const sent = await Promise.all([1, 2, 3].map(() => send(`${url}/api`)))
  expect(sent.map(({ status }) => status)).toEqual([200, 200, 200])
  expect(asked).toEqual(['phr', 'phrh'])
})

it('rejects all requests that wait if the user refuses, and asks again the next time (spinnaker/deck#6882)', async () => {
  const refusal = new Error('cancelled')
  prompts.mockRejectedValueOnce(refusal)
  const send = create()
  const outcomes = await Promise.allSettled([send(`${url}/api`), send(`${url}/api`)])
  expect(outcomes.map((each) => each.status === 'rejected' && each.reason)).toEqual([refusal, refusal])
  expect(prompts).toHaveBeenCalledOnce()
  expect((await send(`${url}/api`)).status).toBe(200)
  expect(prompts).toHaveBeenCalledTimes(2)
})

it('ends the wait of an aborted request, and not that of the others', async () => {
  let release = () => {}
  prompts.mockImplementation(() => new Promise<void>((resolve) => (release = resolve)).then(confirm))
  const caller = new AbortController()
  const send = create()
  const left = send(`${url}/api`, { signal: caller.signal })
  const stays = send(`${url}/api`)
  await vi.waitFor(() => expect(prompts).toHaveBeenCalledOnce())
  const reason = new Error('left the page')
  caller.abort(reason)
  await expect(left).rejects.toBe(reason)
  release()
  expect((await stays).status).toBe(200)
})

it('asks nobody because of a stream, which cannot be sent again: the answer is the 401 (case D3)', async () => {
  const init = { method: 'POST', body: new Blob(['a stream']).stream(), duplex: 'half' } as RequestInit
  expect((await create()(`${url}/api`, init)).status).toBe(401)
  expect(prompts).not.toHaveBeenCalled()
})

it('asks nobody for an answer to a request without the token, such as that of another origin', async () => {
  const foreign = create({ origins: ['https://api.example.com'] })
  expect((await foreign(`${url}/api`)).status).toBe(401)
  const send = create()
  expect((await send(`${url}/api`, { authToken: 'never' })).status).toBe(401)
  expect((await send(`${url}/api`, { headers: { authorization: 'Basic dTpw' } })).status).toBe(401)
  expect(prompts).not.toHaveBeenCalled()
})

it('asks nobody for the answer of another origin, to which the API has redirected', async () => {
  const redirected = new Response(null, { status: 401, headers: { 'www-authenticate': CHALLENGE } })
  Object.defineProperty(redirected, 'url', { value: 'https://evil.example/' })
  expect((await create({ fetch: async () => redirected })(`${url}/api`)).status).toBe(401)
  expect(prompts).not.toHaveBeenCalled()
})

it('asks nobody after another 401', async () => {
  api.challenge = 'Bearer error="invalid_token"'
  expect((await create()(`${url}/api`)).status).toBe(401)
  expect(prompts).not.toHaveBeenCalled()
})

it('sends nothing again in the name of another user who signs in meanwhile (govuk-one-login/authentication-api#5608)', async () => {
  prompts.mockImplementation(async () => {
    await auth.signIn(authResult('s2', 'u2', 'rt9', 9))
    accepted = await auth.getAuthToken()
  })
  expect((await create()(`${url}/api`, post)).status).toBe(401)
  expect(api.seen.some(({ token }) => token === accepted)).toBe(false)
})

it('knows whose request it is, although the storage has not been read when it begins', async () => {
  const store = memoryStore()
  const transport = sessionServer({ url, appId: 'app' })
  const first = createTokenManager({ transport, storage: store })
  await first.signIn(api.issue())
  first.dispose()
  const cold = createTokenManager({ transport, storage: store })
  const reauthenticate = vi.fn<StepUpOptions['reauthenticate']>(async () => {
    accepted = await cold.getAuthToken({ minValidSeconds: Infinity })
  })
  expect(cold.get().session).toBeUndefined()
  const send = createAuthFetch(cold, { origins: [url], stepUp: createStepUp({ reauthenticate }) })
  expect((await send(`${url}/api`, post)).status).toBe(200)
  expect(reauthenticate).toHaveBeenCalledOnce()
  cold.dispose()
})

it('shares one prompt between `fetch` and axios, and sends the axios request once more with its body', async () => {
  const stepUp = createStepUp({ reauthenticate: prompts })
  const instance = axios.create({ baseURL: url })
  authorizeAxios(instance, auth, { origins: [url], stepUp })
  const [answer, other] = await Promise.all([
    instance.post<string>('/api', 'an order'),
    create({ stepUp })(`${url}/api`),
  ])
  expect([answer.status, answer.data, other.status]).toEqual([200, 'an order', 200])
  expect(prompts).toHaveBeenCalledOnce()
  expect(answer.config.headers.has('authorization')).toBe(false)
})

it('ends the wait of an axios request with its timeout, and the user can still confirm', async () => {
  prompts.mockImplementation(() => new Promise(() => {}))
  const instance = axios.create({ baseURL: url, timeout: 500 })
  authorizeAxios(instance, auth, { origins: [url], stepUp: createStepUp({ reauthenticate: prompts }) })
  await expect(instance.get('/api')).rejects.toMatchObject({ code: 'ECONNABORTED' })
  expect(prompts).toHaveBeenCalledOnce()
})

it('works as the global `fetch`', async () => {
  const before = globalThis.fetch
  try {
    globalThis.fetch = create()
    expect((await fetch(`${url}/api`, post)).status).toBe(200)
    expect(prompts).toHaveBeenCalledOnce()
  } finally {
    globalThis.fetch = before
  }
})
