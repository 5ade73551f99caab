// @vitest-environment jsdom
import '@angular/compiler'
import { Component, PLATFORM_ID, provideZonelessChangeDetection } from '@angular/core'
import { getTestBed, TestBed } from '@angular/core/testing'
import { BrowserTestingModule, platformBrowserTesting } from '@angular/platform-browser/testing'
import { provideRouter, Router, type Routes } from '@angular/router'
import {
  createFakeTokenManager,
  expired,
  fakeSession,
  initial,
  refreshing,
  signedOut,
  valid,
} from '@tokenkeep/testing'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { authTokenGuard, injectAuthToken, provideAuthToken } from './index.ts'

beforeAll(() => {
  getTestBed().initTestEnvironment(BrowserTestingModule, platformBrowserTesting())
})

const Page = Component({ template: '{{ name }}' })(
  class {
    readonly name = 'page'
  },
)
const routerOver = (
  fake: ReturnType<typeof createFakeTokenManager>,
  guard: 'canActivate' | 'canMatch',
  { signInPath, platform = 'browser' }: { signInPath?: string; platform?: string } = {},
) => {
  TestBed.resetTestingModule().configureTestingModule({
    providers: [
      provideZonelessChangeDetection(),
      { provide: PLATFORM_ID, useValue: platform },
      provideAuthToken({ manager: fake, ...(signInPath && { signInPath }) }),
      provideRouter([
        { path: 'orders', component: Page, [guard]: [authTokenGuard] },
        { path: '**', component: Page },
      ]),
    ],
  })
  return TestBed.inject(Router)
}

describe.each(['canActivate', 'canMatch'] as const)('authTokenGuard as %s', (guard) => {
  it('admits a user who is signed in, with or without a usable token', async () => {
    for (const state of [valid(), refreshing(), expired()]) {
      const router = routerOver(createFakeTokenManager({ state }), guard)
      // oxlint-disable-next-line no-await-in-loop -- One router at a time.
      await router.navigateByUrl('/orders?page=2')
      expect(router.url).toBe('/orders?page=2')
    }
  })

  it('sends all others to the sign-in page, with the URL to return to', async () => {
    const unrenewable = expired(undefined, { ...fakeSession, renewable: false })
    for (const state of [signedOut('revoked'), unrenewable]) {
      const router = routerOver(createFakeTokenManager({ state }), guard)
      // oxlint-disable-next-line no-await-in-loop -- One router at a time.
      await router.navigateByUrl('/orders?page=2')
      expect(router.url).toBe('/sign-in?next=%2Forders%3Fpage%3D2')
    }
    const router = routerOver(createFakeTokenManager({ state: signedOut() }), guard, { signInPath: '/hello' })
    await router.navigateByUrl('/orders')
    expect(router.url).toBe('/hello?next=%2Forders')
  })

  it('waits until the storage has been read, and unsubscribes afterwards', async () => {
    const fake = createFakeTokenManager({ state: initial })
    const router = routerOver(fake, guard)
    const arrival = router.navigateByUrl('/orders')
    await vi.waitFor(() => expect(fake.subscriptions).toBe(1))
    expect(router.url).toBe('/')
    fake.set(refreshing())
    await arrival
    expect(router.url).toBe('/orders')
    expect(fake.subscriptions).toBe(0)
  })

  it('admits everyone on a server', async () => {
    const fake = createFakeTokenManager({ state: initial })
    const router = routerOver(fake, guard, { platform: 'server' })
    await router.navigateByUrl('/orders')
    expect(router.url).toBe('/orders')
  })
})

describe('a guard over every route (case J1)', () => {
  const routerWith = (
    routes: Routes,
    manager = createFakeTokenManager({ state: signedOut() }),
    signInPath?: string,
  ) => {
    TestBed.resetTestingModule().configureTestingModule({
      providers: [
        provideZonelessChangeDetection(),
        provideAuthToken({ manager, ...(signInPath && { signInPath }) }),
        provideRouter(routes),
      ],
    })
    return TestBed.inject(Router)
  }
  const children = [
    { path: 'sign-in', component: Page },
    { path: '**', component: Page },
  ]
  for (const guard of ['canActivate', 'canActivateChild', 'canMatch'])
    it(`${guard}: lets everyone enter the sign-in page, and does not nest \`next\``, async () => {
      const router = routerWith([{ path: '', children, [guard]: [authTokenGuard] }])
      await router.navigateByUrl('/orders?page=2')
      expect(router.url).toBe('/sign-in?next=%2Forders%3Fpage%3D2')
      await router.navigateByUrl('/sign-in?hint=1')
      expect(router.url).toBe('/sign-in?hint=1')
    })

  it('keeps the query of signInPath (case J7)', async () => {
    const router = routerWith(
      [{ path: '', children, canActivateChild: [authTokenGuard] }],
      undefined,
      '/sign-in?lang=de',
    )
    await router.navigateByUrl('/orders')
    expect(router.url).toBe('/sign-in?lang=de&next=%2Forders')
  })

  it('a role guard below it reads the real state (case J2)', async () => {
    const manager = createFakeTokenManager({ state: initial })
    const seen: string[] = []
    const roleGuard = () => {
      const { state } = injectAuthToken()
      seen.push(state().status, injectAuthToken(({ status }) => status)())
      return true
    }
    const inner = [{ path: '**', component: Page, canActivate: [roleGuard] }]
    const router = routerWith([{ path: '', children: inner, canActivate: [authTokenGuard] }], manager)
    const arrival = router.navigateByUrl('/orders')
    await vi.waitFor(() => expect(manager.subscriptions).toBeGreaterThan(0))
    manager.set(valid())
    await arrival
    expect(seen).toEqual(['valid', 'valid'])
  })
})
