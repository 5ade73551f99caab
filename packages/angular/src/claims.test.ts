// @vitest-environment jsdom
import '@angular/compiler'
import { Component, effect, PLATFORM_ID, provideZonelessChangeDetection } from '@angular/core'
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
import { beforeAll, expect, it } from 'vitest'
import { authTokenGuard, injectClaims, provideAuthToken, roleGuard, type SessionClaims } from './index.ts'

beforeAll(() => {
  getTestBed().initTestEnvironment(BrowserTestingModule, platformBrowserTesting())
})

const withClaims = (claims?: SessionClaims) => ({ ...fakeSession, claims })
const Page = Component({ template: '{{ name }}' })(
  class {
    readonly name = 'page'
  },
)

const open = (manager: ReturnType<typeof createFakeTokenManager>, platform = 'browser') => {
  const isAdmin = roleGuard(
    ({ claims }) => [claims?.['roles']].flat().includes('admin'),
    '/no-entry?from=prices',
  )
  return TestBed.resetTestingModule().configureTestingModule({
    providers: [
      provideZonelessChangeDetection(),
      { provide: PLATFORM_ID, useValue: platform },
      provideAuthToken({ manager }),
      provideRouter([
        { path: 'prices', component: Page, canActivate: [authTokenGuard, isAdmin] },
        { path: '**', component: Page },
      ]),
    ],
  })
}

it('injectClaims changes only if a claim changes', async () => {
  const manager = createFakeTokenManager({ state: initial })
  const seen: (SessionClaims | undefined)[] = []
  open(manager)
  TestBed.runInInjectionContext(() => {
    const claims = injectClaims()
    effect(() => void seen.push(claims()))
  })
  TestBed.tick()
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
    await Promise.resolve()
    TestBed.tick()
  }
  expect(seen).toEqual([undefined, ada, { sub: 'ada', roles: [] }, undefined])
})

it('roleGuard admits users with the role only; the guard before it sends users to sign in', async () => {
  const admin = withClaims({ roles: ['admin'] })
  for (const [state, place, platform] of [
    [valid('a', admin), '/prices'],
    [expired(undefined, admin), '/prices'],
    [valid('a', withClaims({ roles: ['clerk'] })), '/no-entry?from=prices'],
    [valid('a', withClaims()), '/no-entry?from=prices'],
    [expired(undefined, { ...admin, renewable: false }), '/sign-in?next=%2Fprices'],
    [signedOut(), '/sign-in?next=%2Fprices'],
    [initial, '/prices', 'server'],
  ] as const) {
    open(createFakeTokenManager({ state }), platform)
    const router = TestBed.inject(Router)
    // oxlint-disable-next-line no-await-in-loop -- One router at a time.
    await router.navigateByUrl('/prices')
    expect(router.url).toBe(place)
  }
})
