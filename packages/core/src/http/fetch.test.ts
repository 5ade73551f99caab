import { expect, it } from 'vitest'
import { api, auth, rejectCurrentToken, url } from '../../test/each-api.ts'
import { createAuthFetch } from './fetch.ts'

it('refreshes once for 10 parallel 401s, and replays all 10 requests with their bodies', async () => {
  const old = await rejectCurrentToken()
  const send = createAuthFetch(auth, { origins: [url] })
  const bodies = Array.from({ length: 10 }, (_, index) => `body ${index}`)
  const answers = await Promise.all(bodies.map((body) => send(`${url}/api`, { method: 'POST', body })))
  expect(answers.map(({ status }) => status)).toEqual(bodies.map(() => 200))
  expect(await Promise.all(answers.map((each) => each.text()))).toEqual(bodies)
  expect(api.refreshes).toBe(1)
  expect(api.seen.filter(({ token }) => token === old)).toHaveLength(10)
})

it('replays a request with the newer token, without a refresh, if the 401 was for an older token', async () => {
  const old = await rejectCurrentToken()
  await auth.getAuthToken({ rejected: old })
  expect(api.refreshes).toBe(1)
  const stale = {
    getAuthToken: (options?: { rejected?: string }) =>
      options?.rejected ? auth.getAuthToken(options) : Promise.resolve(old),
  }
  expect((await createAuthFetch(stale, { origins: [url] })(`${url}/api`)).status).toBe(200)
  expect(api.refreshes).toBe(1)
})

it('refreshes and replays once if the API always answers 401, and does not refresh again while the token is fresh', async () => {
  await rejectCurrentToken()
  api.accepts = () => false
  const send = createAuthFetch(auth, { origins: [url] })
  expect((await send(`${url}/api`)).status).toBe(401)
  expect([api.refreshes, api.seen.length]).toEqual([1, 2])
  expect((await send(`${url}/api`)).status).toBe(401)
  expect([api.refreshes, api.seen.length]).toEqual([1, 3])
})

it('F26: does not serve a token again after an API has rejected it', async () => {
  const old = await rejectCurrentToken()
  await createAuthFetch(auth, { origins: [url] })(`${url}/api`)
  expect(await auth.getAuthToken()).not.toBe(old)
})

it('sends the token only to the listed origins', async () => {
  const response = await createAuthFetch(auth, { origins: ['https://api.example.com'] })(`${url}/api`)
  expect(response.status).toBe(401)
  expect(api.seen).toEqual([{ token: undefined, body: '' }])
  expect(api.refreshes).toBe(0)
})

it('rejects with `sign-in-required` if nobody is signed in', async () => {
  await auth.signOut()
  await expect(createAuthFetch(auth, { origins: [url] })(`${url}/api`)).rejects.toMatchObject({
    code: 'sign-in-required',
  })
  expect(api.seen).toEqual([])
})
