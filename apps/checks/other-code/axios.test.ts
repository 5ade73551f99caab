import axios, { isCancel, type AxiosInstance } from 'axios'
import axiosRetry from 'axios-retry'
import { authorizeAxios } from '@tokenkeep/core/axios'
import { beforeEach, describe, expect, it } from 'vitest'
import { auth, failures, refreshes, seen, url } from './test/api.ts'

let instance: AxiosInstance
beforeEach(() => void (instance = axios.create({ baseURL: url })))
const authorize = () => authorizeAxios(instance, auth, { origins: [url] })

describe.each(['before', 'after'])('axios-retry, added %s', (place) => {
  const add = () => axiosRetry(instance, { retries: 2, retryDelay: () => 1 })
  it('sends a request again, with the token of that moment', async () => {
    if (place === 'before') add()
    authorize()
    if (place === 'after') add()
    failures.push(503, 503)
    expect((await instance.put('/me', 'a body')).data).toMatchObject({
      data: { me: 'fresh' },
      body: 'a body',
    })
    expect(seen).toEqual(['stale a body', 'stale a body', 'stale a body', 'fresh a body'])
    expect(refreshes).toBe(1)
  })
})

it("an app's own refresh interceptor sees no token, and gets only a 401 that remains after a newer token", async () => {
  const caught: unknown[] = []
  instance.interceptors.response.use(undefined, async (error) => {
    caught.push(error.response.status, error.config.headers.has('authorization'))
    throw error
  })
  authorize()
  failures.push(401, 401)
  await expect(instance.get('/me')).rejects.toMatchObject({ response: { status: 401 } })
  expect(caught).toEqual([401, false])
  expect(seen).toEqual(['stale', 'fresh'])
})

it('a request that an interceptor of responses sends again carries the token', async () => {
  authorize()
  instance.interceptors.response.use(undefined, (error) =>
    error.response.status === 409 ? instance(error.config) : Promise.reject(error),
  )
  failures.push(409)
  expect((await instance.post('/me', 'again')).status).toBe(200)
  expect(seen).toEqual(['stale again', 'stale again', 'fresh again'])
})

it('works if interceptors return a plain object as config, or set a header', async () => {
  instance.interceptors.request.use((config) => ({ ...config, headers: { ...config.headers } }) as never)
  authorize()
  instance.interceptors.request.use((config) => {
    config.headers.set('x-trace', '1')
    return config
  })
  expect((await instance.get('/me')).status).toBe(200)
})

it('a mock that replaces the adapter sees the token, also one that is set later', async () => {
  authorize()
  const tokens: unknown[] = []
  instance.defaults.adapter = async (config) => {
    tokens.push(config.headers.get('authorization'))
    return { data: 'mocked', status: 200, statusText: '', headers: {}, config }
  }
  expect((await instance.get('/me')).data).toBe('mocked')
  expect(tokens).toEqual(['Bearer stale'])
})

it('reports progress, and streams a response', async () => {
  authorize()
  const loaded: number[] = []
  const onUploadProgress = ({ loaded: bytes }: { loaded: number }) => loaded.push(bytes)
  await instance.post('/me', 'x'.repeat(1000), { onUploadProgress })
  expect(loaded.at(-1)).toBe(1000)
  const { data } = await instance.get<AsyncIterable<Buffer>>('/me', { responseType: 'stream' })
  let text = ''
  for await (const chunk of data) text += String(chunk)
  expect(JSON.parse(text)).toMatchObject({ data: { me: 'fresh' } })
})

it('two managers on one instance each send to their own origin', async () => {
  authorize()
  const tokens: unknown[] = []
  authorizeAxios(instance, { getAuthToken: async () => 'other' }, { origins: ['https://other.example.com'] })
  instance.defaults.adapter = async (config) => {
    tokens.push(config.headers.get('authorization'))
    return { data: '', status: 200, statusText: '', headers: {}, config }
  }
  await instance.get('/me')
  await instance.get('https://other.example.com/me')
  expect(tokens).toEqual(['Bearer stale', 'Bearer other'])
})

it('an aborted request is cancelled for axios', async () => {
  authorize()
  const caller = new AbortController()
  const call = instance.get('/me', { signal: caller.signal }).catch((error: unknown) => error)
  caller.abort()
  expect(isCancel(await call)).toBe(true)
})

describe('reported to others', () => {
  it('a JSON body is encoded once, also with a transformation of the app (axios/axios#875, #934)', async () => {
    authorize()
    const transformRequest = [
      (data: object) => ({ ...data, traced: true }),
      ...[axios.defaults.transformRequest!].flat(),
    ]
    await instance.post('/me', { a: 1 }, { transformRequest })
    expect(seen).toEqual(['stale {"a":1,"traced":true}', 'fresh {"a":1,"traced":true}'])
  })

  it('a GET without headers of its own is sent again (Flyrell/axios-auth-refresh#214)', async () => {
    authorize()
    expect((await instance.get('/me', { params: { page: 2 } })).data).toMatchObject({ data: { me: 'fresh' } })
    expect(seen).toEqual(['stale', 'fresh'])
  })

  it('an error shows no token to a logger that writes it down', async () => {
    authorize()
    failures.push(500)
    const error = await instance.get('/me').catch((reason) => reason)
    expect(JSON.stringify(error)).not.toContain('stale')
    expect(JSON.stringify(error.response.config)).not.toContain('stale')
  })
})
