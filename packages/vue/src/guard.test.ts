// @vitest-environment jsdom
import {
  createFakeTokenManager,
  expired,
  fakeSession,
  firstRead,
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

test('who is signed in may enter, with or without a token at hand', async () => {
  for (const state of [undefined, refreshing(), expired()]) {
    const { router, at } = routerOver(createFakeTokenManager(state && { state }))
    await router.push('/orders?page=2')
    expect(at()).toBe('/orders?page=2')
  }
})

test('everybody else is sent to sign in, and the way back is kept', async () => {
  const lapsed = expired(undefined, { ...fakeSession, renewable: false })
  for (const state of [signedOut('revoked'), lapsed]) {
    const { router, at } = routerOver(createFakeTokenManager({ state }))
    await router.push('/orders?page=2')
    expect(at()).toBe('/sign-in?next=/orders?page=2')
  }
})

test('it waits until the storage has been read, and leaves no subscription', async () => {
  const fake = createFakeTokenManager({ state: firstRead })
  const { router, at } = routerOver(fake)
  const arrival = router.push('/orders')
  await vi.waitFor(() => expect(fake.subscriptions).toBe(1))
  expect(at()).toBe('/')
  fake.set(refreshing())
  await arrival
  expect(at()).toBe('/orders')
  expect(fake.subscriptions).toBe(0)
})
