import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { configureStore } from '@reduxjs/toolkit'
import { createApi, fetchBaseQuery } from '@reduxjs/toolkit/query'
import { QueryClient } from '@tanstack/query-core'
import { createAuthFetch, type AuthFetch } from '@tokenkeep/core'
import { Client, fetchExchange } from '@urql/core'
import ky from 'ky'
import { createFetch } from 'ofetch'
import { beforeEach, describe, expect, it } from 'vitest'
import { auth, failures, refreshes, seen, url } from './test/api.ts'

// Libraries that send with the `fetch` that they are given. Each finds its first token rejected.

let send: AuthFetch
beforeEach(() => void (send = createAuthFetch(auth, { origins: [url] })))

describe('ky', () => {
  it('retries its own statuses, each with a token that is not stale', async () => {
    failures.push(503)
    const api = ky.create({ fetch: send, retry: { limit: 2, delay: () => 1 } })
    expect(await api.get(`${url}/me`).json()).toMatchObject({ data: { me: 'fresh' } })
    expect(seen).toEqual(['stale', 'stale', 'fresh'])
    expect(refreshes).toBe(1)
  })

  it('calls its hooks once for a request that is sent twice', async () => {
    const hooks: string[] = []
    const api = ky.create({
      fetch: send,
      hooks: {
        beforeRequest: [() => void hooks.push('before')],
        afterResponse: [({ response }) => void hooks.push(String(response.status))],
      },
    })
    await api.post(`${url}/me`, { json: { a: 1 } })
    expect(hooks).toEqual(['before', '200'])
    expect(seen).toEqual(['stale {"a":1}', 'fresh {"a":1}'])
  })

  it('passes on whether a request carries the token, and its timeout', async () => {
    const api = ky.create({ fetch: send, retry: 0, throwHttpErrors: false })
    expect((await api.get(`${url}/me`, { authToken: 'never' } as object)).status).toBe(401)
    expect(seen).toEqual(['undefined'])
    const hanging = createAuthFetch({ getAuthToken: () => new Promise(() => undefined) }, { origins: [url] })
    const slow = ky.create({ fetch: hanging, retry: 0, timeout: 20 })
    await expect(slow.get(`${url}/me`)).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  it('downloads with progress', async () => {
    const progress: number[] = []
    const api = ky.create({ fetch: send })
    const onDownloadProgress = ({ transferredBytes }: { transferredBytes: number }) =>
      progress.push(transferredBytes)
    const text = await api.get(`${url}/me`, { onDownloadProgress }).text()
    expect(progress.at(-1)).toBe(text.length)
  })
})

it('ofetch retries, and calls its hooks once per try', async () => {
  const hooks: string[] = []
  failures.push(503)
  const api = createFetch({ fetch: send }).create({
    retry: 1,
    retryDelay: 1,
    onRequest: () => void hooks.push('request'),
    onResponse: ({ response }) => void hooks.push(String(response.status)),
  })
  expect(await api(`${url}/me`, { method: 'PUT', body: { a: 1 } })).toMatchObject({ body: '{"a":1}' })
  expect(hooks).toEqual(['request', '503', 'request', '200'])
})

it('TanStack Query gets the answer of the replay, and its cancellation reaches the wait', async () => {
  const client = new QueryClient()
  const queryFn = ({ signal }: { signal: AbortSignal }) =>
    send(`${url}/me`, { signal }).then((each) => each.json())
  expect(await client.fetchQuery({ queryKey: ['me'], queryFn })).toMatchObject({ data: { me: 'fresh' } })
  const cancelled = client.fetchQuery({ queryKey: ['other'], queryFn })
  await client.cancelQueries({ queryKey: ['other'] })
  await expect(cancelled).rejects.toMatchObject({ revert: true })
  expect(seen).toEqual(['stale', 'fresh'])
})

it('RTK Query sends the token, and reports an aborted query as aborted', async () => {
  const api = createApi({
    baseQuery: fetchBaseQuery({ baseUrl: url, fetchFn: send }),
    endpoints: (build) => ({ me: build.query<unknown, number>({ query: (id) => `/me/${id}` }) }),
  })
  const store = configureStore({
    reducer: { [api.reducerPath]: api.reducer },
    middleware: (defaults) => defaults().concat(api.middleware),
  })
  const { data } = await store.dispatch(api.endpoints.me.initiate(1))
  expect(data).toMatchObject({ data: { me: 'fresh' } })
  const query = store.dispatch(api.endpoints.me.initiate(2))
  query.abort()
  expect(await query).toMatchObject({ error: { name: 'AbortError' } })
})

it('urql and Apollo send the token', async () => {
  const urql = new Client({
    url: `${url}/graphql`,
    fetch: send,
    exchanges: [fetchExchange],
    preferGetMethod: false,
  })
  expect((await urql.query('{ me }', {}).toPromise()).data).toEqual({ me: 'fresh' })
  const apollo = new ApolloClient({
    cache: new InMemoryCache(),
    link: new HttpLink({ uri: `${url}/graphql`, fetch: send }),
  })
  expect((await apollo.query({ query: gql('{ me }') })).data).toEqual({ me: 'fresh' })
})

it('a response is streamed, also after a replay', async () => {
  const { body } = await send(`${url}/me`)
  const chunks: string[] = []
  for await (const chunk of body!.pipeThrough(new TextDecoderStream())) chunks.push(chunk)
  expect(JSON.parse(chunks.join(''))).toMatchObject({ data: { me: 'fresh' } })
})

it('bodies of every kind are sent again whole', async () => {
  const form = new FormData()
  form.set('a', '1')
  for (const body of [
    'text',
    new Blob(['blob']),
    new URLSearchParams('a=1'),
    new TextEncoder().encode('bytes'),
    form,
  ]) {
    seen.length = 0
    // oxlint-disable-next-line no-await-in-loop -- One at a time.
    const staleAuth = {
      getAuthToken: async (asked?: object) => (asked && 'rejected' in asked ? 'fresh' : 'stale'),
    }
    // oxlint-disable-next-line no-await-in-loop -- One at a time.
    const response = await createAuthFetch(staleAuth, { origins: [url] })(`${url}/me`, {
      method: 'POST',
      body,
    })
    const bodies = seen.map((each) => each.replace(/^\w+ /, '').replaceAll(/formdata-\S+/g, ''))
    expect(response.status).toBe(200)
    expect(bodies).toHaveLength(2)
    expect(bodies[0]).toBe(bodies[1])
    expect(bodies[0]!.length).toBeGreaterThan(0)
  }
})

describe('reported to others', () => {
  it('a POST Request object is sent again with its body (a2aproject/a2a-js#735)', async () => {
    const request = new Request(`${url}/me`, { method: 'POST', body: 'a body' })
    expect((await send(request)).status).toBe(200)
    expect(seen).toEqual(['stale a body', 'fresh a body'])
  })

  it('parallel requests of ky refresh once (sindresorhus/ky#587)', async () => {
    const api = ky.create({ fetch: send })
    await Promise.all(Array.from({ length: 5 }, (_, id) => api.post(`${url}/me`, { json: { id } }).json()))
    expect(refreshes).toBe(1)
    expect(seen).toHaveLength(10)
  })

  it('the error of the replay is reported, not the first 401 (vlki/refresh-fetch#4)', async () => {
    failures.push(401, 500)
    expect((await send(`${url}/me`)).status).toBe(500)
    expect(seen).toEqual(['stale', 'fresh'])
  })
})
