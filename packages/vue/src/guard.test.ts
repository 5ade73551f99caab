// @vitest-environment jsdom
import {
  createFakeTokenManager,
  expired,
  fakeSession,
  initial,
  refreshing,
  signedOut,
} from '@tokenkeep/testing'
import { expect, test, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { authTokenGuard } from './index.ts'

const routerOver = (manager: ReturnType<typeof createFakeTokenManager>) => {
  const component = { template: '' }
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/', component },
      { path: '/sign-in', component },
      {
        path: '/orders',
        component,
        beforeEnter: authTokenGuard(manager, (to) => ({ path: '/sign-in', query: { next: to.fullPath } })),
      },
    ],
  })
  return { router, at: () => router.currentRoute.value.fullPath }
}

test('admits a user who is signed in, with or without a usable token', async () => {
  for (const state of [undefined, refreshing(), expired()]) {
    const { router, at } = routerOver(createFakeTokenManager(state && { state }))
    await router.push('/orders?page=2')
    expect(at()).toBe('/orders?page=2')
  }
})

test('sends all others to the sign-in page, with the path to return to', async () => {
  const unrenewable = expired(undefined, { ...fakeSession, renewable: false })
  for (const state of [signedOut('revoked'), unrenewable]) {
    const { router, at } = routerOver(createFakeTokenManager({ state }))
    await router.push('/orders?page=2')
    expect(at()).toBe('/sign-in?next=/orders?page=2')
  }
})

test('waits until the storage has been read, and unsubscribes afterwards', async () => {
  const fake = createFakeTokenManager({ state: initial })
  const { router, at } = routerOver(fake)
  const arrival = router.push('/orders')
  await vi.waitFor(() => expect(fake.subscriptions).toBe(1))
  expect(at()).toBe('/')
  fake.set(refreshing())
  await arrival
  expect(at()).toBe('/orders')
  expect(fake.subscriptions).toBe(0)
})
