// @vitest-environment jsdom
import {
  createFakeTokenManager,
  expired,
  fakeSession,
  initial,
  refreshing,
  signedOut,
  valid,
} from '@tokenkeep/testing'
import { expect, test } from 'vitest'
import { createApp, defineComponent, nextTick } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { createAuthToken, roleGuard, useClaims, type SessionClaims } from './index.ts'

const withClaims = (claims?: SessionClaims) => ({ ...fakeSession, claims })

test('useClaims changes only if a claim changes', async () => {
  const manager = createFakeTokenManager({ state: initial })
  const seen: (SessionClaims | undefined)[] = []
  const Shows = defineComponent(() => {
    const claims = useClaims()
    return () => {
      seen.push(claims.value)
      return null
    }
  })
  const app = createApp(Shows).use(createAuthToken({ manager }))
  app.mount(document.createElement('div'))
  const ada = { sub: 'ada', roles: ['admin'] }
  for (const state of [
    valid('a', withClaims({ ...ada })),
    refreshing('a', withClaims({ ...ada })),
    valid('b', withClaims({ sub: 'ada', roles: ['admin'] })),
    valid('c', withClaims({ sub: 'ada', roles: [] })),
    valid('d', withClaims()),
    signedOut(),
  ]) {
    manager.set(state)
    // oxlint-disable-next-line no-await-in-loop -- The states follow each other.
    await nextTick()
  }
  await nextTick()
  expect(seen).toEqual([undefined, ada, { sub: 'ada', roles: [] }, undefined])
  app.unmount()
})

const routerOver = (manager: ReturnType<typeof createFakeTokenManager>) => {
  const component = { template: '' }
  const router = createRouter({
    history: createMemoryHistory(),
    routes: ['/', '/prices', '/forbidden'].map((path) => ({ path, component })),
  })
  // It guards every page, also the one that it leads to.
  const guard = roleGuard(
    manager,
    ({ claims }) => [claims?.['roles']].flat().includes('admin'),
    () => '/forbidden',
  )
  router.beforeEach(guard)
  return { router, at: () => router.currentRoute.value.fullPath }
}

test('roleGuard admits users with the role only', async () => {
  const admin = withClaims({ roles: ['admin'] })
  for (const [state, place] of [
    [valid('a', admin), '/prices'],
    [expired(undefined, admin), '/prices'],
    [valid('a', withClaims({ roles: ['clerk'] })), '/forbidden'],
    [valid('a', withClaims()), '/forbidden'],
    [expired(undefined, { ...admin, renewable: false }), '/forbidden'],
    [signedOut(), '/forbidden'],
  ] as const) {
    const { router, at } = routerOver(createFakeTokenManager({ state }))
    // oxlint-disable-next-line no-await-in-loop -- One router at a time.
    await router.push('/prices')
    expect(at()).toBe(place)
  }
})

test('roleGuard waits until the storage has been read', async () => {
  const manager = createFakeTokenManager({ state: initial })
  const { router, at } = routerOver(manager)
  const arrival = router.push('/prices')
  manager.set(valid('a', withClaims({ roles: ['admin'] })))
  await arrival
  expect(at()).toBe('/prices')
})
