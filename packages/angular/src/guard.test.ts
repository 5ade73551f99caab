// @vitest-environment jsdom
import '@angular/compiler'
import { Component, PLATFORM_ID, provideZonelessChangeDetection } from '@angular/core'
import { getTestBed, TestBed } from '@angular/core/testing'
import { BrowserTestingModule, platformBrowserTesting } from '@angular/platform-browser/testing'
import { provideRouter, Router } from '@angular/router'
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
import { authTokenGuard, provideAuthToken } from './index.ts'

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
