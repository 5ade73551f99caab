import { Readable } from 'node:stream'
import type { AuthResult } from '@tokenkeep/protocol'
import axios, { AxiosError, isCancel } from 'axios'
import { describe, expect, it, vi } from 'vitest'
import { api, auth, rejectCurrentToken, url } from '../../test/each-api.ts'
import { TokenError } from '../errors.ts'
import type { TokenManager } from '../manager/api.ts'
import { createTokenManager } from '../manager/manager.ts'
import { memoryStore } from '../stores/store.ts'
import { functionTransport } from '../transports/function-transport.ts'
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

it('decides by the base URL that an interceptor sets, whichever was registered first (case D1)', async () => {
  for (const isFirst of [true, false]) {
    const instance = axios.create({ baseURL: 'https://api.example.com' })
    const setBase = () => instance.interceptors.request.use((config) => ({ ...config, baseURL: url }))
    if (isFirst) setBase()
    authorizeAxios(instance, auth, { origins: ['https://api.example.com'] })
    if (!isFirst) setBase()
    // oxlint-disable-next-line no-await-in-loop -- One at a time.
    await instance.get('/api').catch(() => undefined)
    expect(api.seen.at(-1)).toEqual({ token: undefined, body: '' })
  }
})

it('shows each call once to interceptors, and no token, also if they change the response (case D2)', async () => {
  await rejectCurrentToken()
  const instance = axios.create({ baseURL: url })
  const seen: string[] = []
  instance.interceptors.request.use((config) => {
    seen.push('request')
    return config
  })
  instance.interceptors.response.use(({ data, config }) => {
    seen.push(`response ${config.headers.has('authorization')}`)
    return data as never
  })
  authorizeAxios(instance, auth, { origins: [url] })
  instance.interceptors.response.use((data) => {
    seen.push('mapped')
    return { mapped: data } as never
  })
  expect(await instance.post('/api', 'a body')).toEqual({ mapped: 'a body' })
  expect(seen).toEqual(['request', 'response false', 'mapped'])
  expect(api.seen).toHaveLength(2)
})

it('returns the 401 to a stream, which cannot be sent again (case D3)', async () => {
  const old = await rejectCurrentToken()
  const instance = axios.create({ baseURL: url })
  authorizeAxios(instance, auth, { origins: [url] })
  for (const body of [Readable.from(['a stream']), new Blob(['a stream']).stream()]) {
    const options = body instanceof Readable ? {} : ({ adapter: 'fetch' } as const)
    const stale = { getAuthToken: async (asked?: object) => (asked && 'rejected' in asked ? 'newer' : old) }
    const other = axios.create({ baseURL: url })
    authorizeAxios(other, stale, { origins: [url] })
    // oxlint-disable-next-line no-await-in-loop -- One at a time.
    await expect(other.post('/api', body, options)).rejects.toMatchObject({ response: { status: 401 } })
    expect(api.seen.at(-1)).toEqual({ token: old, body: 'a stream' })
  }
  expect(api.seen).toHaveLength(2)
})

/** A manager whose refresh never ends. */
const hanging: Pick<TokenManager, 'getAuthToken'> = {
  getAuthToken: ({ signal } = {}) =>
    new Promise((_, reject) =>
      signal!.addEventListener('abort', () => reject(new TokenError('aborted', { cause: signal!.reason }))),
    ),
}

describe('while it waits for a token', () => {
  it('a cancelled call is cancelled for axios (case D4)', async () => {
    const instance = axios.create({ baseURL: url })
    authorizeAxios(instance, hanging, { origins: [url] })
    const caller = new AbortController()
    const source = axios.CancelToken.source()
    const calls = [
      instance.get('/api', { signal: caller.signal }),
      instance.get('/api', { cancelToken: source.token }),
      instance.get('/api', { signal: AbortSignal.abort() }),
    ].map((call) => call.catch((error: unknown) => error))
    await new Promise((resolve) => setTimeout(resolve))
    caller.abort()
    source.cancel('left the page')
    expect((await Promise.all(calls)).map(isCancel)).toEqual([true, true, true])
    expect(api.seen).toEqual([])
  })

  it('a call ends with the error of axios once its `timeout` has passed (case D11)', async () => {
    const instance = axios.create({ baseURL: url, timeout: 20 })
    authorizeAxios(instance, hanging, { origins: [url] })
    await expect(instance.get('/api')).rejects.toMatchObject({
      isAxiosError: true,
      code: 'ECONNABORTED',
      message: 'timeout of 20ms exceeded',
    })
    const clear = { transitional: { clarifyTimeoutError: true }, timeoutErrorMessage: 'too slow' }
    await expect(instance.get('/api', clear)).rejects.toMatchObject({
      code: 'ETIMEDOUT',
      message: 'too slow',
    })
  })
})

it('lets each request say whether it carries the token (case D5)', async () => {
  await auth.signOut()
  const instance = axios.create({ baseURL: url, validateStatus: () => true })
  authorizeAxios(instance, auth, { origins: [url] })
  expect((await instance.get('/api')).status).toBe(401)
  await expect(instance.get('/api', { authToken: 'always' })).rejects.toMatchObject({
    code: 'sign-in-required',
  })
  expect((await instance.get('/api', { authToken: 'never' })).status).toBe(401)
  expect(api.seen.map(({ token }) => token)).toEqual([undefined, undefined])
})

it('sends the token in another header (case D6), and does not change a request that has this header or a password (case D11)', async () => {
  const instance = axios.create({ baseURL: url })
  const headers = vi.fn<(sent: unknown) => void>()
  instance.defaults.adapter = async (config) => {
    headers(config.headers.toJSON())
    return { data: '', status: 200, statusText: '', headers: {}, config }
  }
  const undo = authorizeAxios(instance, auth, { origins: [url], header: 'X-Access-Token' })
  await instance.get('/api')
  expect(headers.mock.lastCall![0]).toMatchObject({ 'X-Access-Token': await auth.getAuthToken() })
  undo()
  authorizeAxios(instance, auth, { origins: [url] })
  await instance.get('/api', { headers: { authorization: 'Own' } })
  expect(headers.mock.lastCall![0]).toMatchObject({ authorization: 'Own' })
  await instance.get('/api', { auth: { username: 'u', password: 'p' } })
  expect(headers.mock.lastCall![0]).not.toHaveProperty('Authorization')
})

it('replays after a 401 if the app accepts every status (case D11)', async () => {
  await rejectCurrentToken()
  const instance = axios.create({ baseURL: url, validateStatus: () => true })
  authorizeAxios(instance, auth, { origins: [url] })
  expect((await instance.get('/api')).status).toBe(200)
  expect(api.refreshes).toBe(1)
})

it('sends with the adapter that a request or the instance names', async () => {
  const instance = axios.create({ baseURL: url })
  authorizeAxios(instance, auth, { origins: [url] })
  expect((await instance.get('/api', { adapter: 'fetch' })).status).toBe(200)
  expect((await instance.get('/api', { adapter: ['fetch', 'http'] })).status).toBe(200)
})

it("refreshes by the app's own function, which sends its request with the same instance (case C4)", async () => {
  const instance = axios.create({ baseURL: url })
  const refresh = async () => {
    const { data } = await instance.post<{ auth_result: AuthResult }>('/tokens')
    return { authToken: data.auth_result.auth_token, expiresIn: 60, refreshToken: 'rt' }
  }
  const own = createTokenManager({
    storage: memoryStore(),
    transport: functionTransport({ key: 'own', refresh }),
  })
  await own.signIn({ authToken: 'the.first.token', expiresIn: 60, refreshToken: 'rt' })
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_000)
  authorizeAxios(instance, own, { origins: [url] })
  expect((await instance.get('/api')).status).toBe(200)
  expect(api.refreshes).toBe(1)
  own.dispose()
})
