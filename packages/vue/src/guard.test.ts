// @vitest-environment jsdom
import {
  createFakeTokenManager,
  expired,
  fakeSession,
  initial,
  refreshing,
  signedOut,
} from '@tokenkeep/testing'
import { describe, expect, test, vi } from 'vitest'
import { createApp } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { authTokenGuard, createAuthToken, useAuthToken } from './index.ts'

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

describe('a guard over every route, the sign-in page included (case J1)', () => {
  const component = { template: '' }
  const routes = [
    { path: '/sign-in', name: 'sign-in', component },
    { path: '/login', redirect: '/sign-in' },
    { path: '/:rest(.*)', component },
  ]
  const guarded = (signIn: (to: { fullPath: string; path: string }) => string | object | true) => {
    const router = createRouter({ history: createMemoryHistory(), routes })
    router.beforeEach(authTokenGuard(createFakeTokenManager({ state: signedOut() }), signIn))
    return { router, at: () => router.currentRoute.value.fullPath }
  }
  const locations: Record<string, (next: string) => string | object> = {
    'a path': () => '/sign-in',
    'a path with a query': (next) => `/sign-in?lang=de&next=${next}`,
    'a location by path': (next) => ({ path: '/sign-in', query: { next } }),
    'a location by name': (next) => ({ name: 'sign-in', query: { next } }),
  }
  for (const [name, location] of Object.entries(locations))
    test(`enters the sign-in page, which is ${name}`, async () => {
      const { router, at } = guarded((to) => location(to.fullPath))
      await router.push('/orders')
      expect(at()).toMatch(/^\/sign-in(\?(lang=de&)?next=\/orders)?$/)
      await router.push('/sign-in?hint=1')
      expect(at()).toBe('/sign-in?hint=1')
    })

  test('says what to do if the sign-in page leads to another page that it guards', async () => {
    const { router } = guarded(() => '/login')
    await expect(router.push('/orders')).rejects.toThrow(/let signIn\(\) return true/)
    const allowed = guarded(({ path }) => path === '/sign-in' || '/login')
    await allowed.router.push('/orders')
    expect(allowed.at()).toBe('/sign-in')
  })
})

test('useAuthToken() works in a guard, without warnings and subscriptions (case J10)', async () => {
  const warn = vi.spyOn(console, 'warn')
  const fake = createFakeTokenManager()
  const { router } = routerOver(fake)
  const seen: unknown[] = []
  router.beforeEach(async () => {
    const { state } = useAuthToken()
    const status = useAuthToken((current) => current.status)
    seen.push(state.value.status)
    fake.set(refreshing())
    seen.push(state.value.status, status.value)
  })
  createApp({ template: '' })
    .use(createAuthToken({ manager: fake }))
    .use(router)
  await router.push('/')
  expect(seen).toEqual(['valid', 'refreshing', 'refreshing'])
  expect(fake.subscriptions).toBe(0)
  expect(warn.mock.calls).toEqual([])
})
