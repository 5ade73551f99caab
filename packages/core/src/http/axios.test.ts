import axios, { AxiosError } from 'axios'
import { expect, it } from 'vitest'
import { api, auth, rejectCurrentToken, url } from '../../test/each-api.ts'
import { authorizeAxios } from './axios.ts'

it('refreshes once for 10 parallel 401s, and replays all 10 requests with their bodies', async () => {
  await rejectCurrentToken()
  const instance = axios.create({ baseURL: url })
  authorizeAxios(instance, auth, { origins: [url] })
  const bodies = Array.from({ length: 10 }, (_, index) => ({ index }))
  const answers = await Promise.all(bodies.map((body) => instance.post<unknown>('/api', body)))
  expect(answers.map(({ data }) => (typeof data === 'string' ? JSON.parse(data) : data))).toEqual(bodies)
  expect(api.refreshes).toBe(1)
})

it('rejects with the error of axios if the API always answers 401, after one refresh and one replay', async () => {
  await rejectCurrentToken()
  api.accepts = () => false
  const instance = axios.create({ baseURL: url })
  const undo = authorizeAxios(instance, auth, { origins: [url] })
  await expect(instance.get('/api')).rejects.toBeInstanceOf(AxiosError)
  expect([api.refreshes, api.seen.length]).toEqual([1, 2])
  undo()
  await expect(instance.get('/api')).rejects.toBeInstanceOf(AxiosError)
  expect(api.seen.at(-1)!.token).toBeUndefined()
})

it('sends the token only to the listed origins, even if the base URL is listed and the request’s URL is not', async () => {
  const instance = axios.create({ baseURL: 'https://api.example.com' })
  authorizeAxios(instance, auth, { origins: ['https://api.example.com'] })
  await instance.get(`${url}/api`, { allowAbsoluteUrls: true }).catch(() => undefined)
  expect(api.seen).toEqual([{ token: undefined, body: '' }])
})
