// @vitest-environment jsdom
import { QueryClientProvider } from '@tanstack/react-query'
import { AuthTokenProvider } from '@tokenkeep/react'
import { createFakeTokenManager, fakeSession, refreshing, signedOut, valid } from '@tokenkeep/testing'
import { act } from 'react'
import { createRoot } from 'react-dom/client'
import { expect, test, vi } from 'vitest'
import { OrderList } from './order-list.tsx'
import { createQueryClient } from './query-client.ts'

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })

test('a refresh causes no new request, and the next user sees no data of the previous user', async () => {
  const fake = createFakeTokenManager()
  const client = createQueryClient(fake)
  const send = vi.fn<typeof fetch>(async () => Response.json(['Pancakes']))
  const element = document.createElement('div')
  const root = createRoot(element)
  await act(async () =>
    root.render(
      <AuthTokenProvider manager={fake} fetch={send}>
        <QueryClientProvider client={client}>
          <OrderList />
        </QueryClientProvider>
      </AuthTokenProvider>,
    ),
  )
  await vi.waitFor(() => act(() => expect(element.textContent).toBe('Pancakes')))
  await act(async () => fake.set(refreshing()))
  await act(async () => fake.set(valid('another.token')))
  expect(send).toHaveBeenCalledOnce()

  await act(async () => fake.set(signedOut()))
  expect(element.textContent).toBe('')
  expect(
    client
      .getQueryCache()
      .getAll()
      .flatMap(({ state }) => state.data ?? []),
  ).toEqual([])
  send.mockImplementation(async () => Response.json(['Waffles']))
  await act(async () => fake.set(valid('a.b.c', { ...fakeSession, id: 'session-2', userId: 'user-2' })))
  await vi.waitFor(() => act(() => expect(element.textContent).toBe('Waffles')))
  await act(async () => root.unmount())
})

test('sign-in-required fails at once; other failures are retried', async () => {
  const client = createQueryClient(createFakeTokenManager({ state: signedOut() }))
  const retry = client.getDefaultOptions().queries!.retry as (failures: number, error: Error) => boolean
  const refused = await createFakeTokenManager({ state: signedOut() })
    .getAuthToken()
    .catch((error: Error) => error)
  expect(retry(0, refused as Error)).toBe(false)
  expect(retry(0, new Error('the API answered 503'))).toBe(true)
  expect(retry(3, new Error('the API answered 503'))).toBe(false)
})
