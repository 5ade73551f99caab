// @vitest-environment jsdom
import 'zone.js'
import 'zone.js/testing'
import '@angular/compiler'
import { HttpClient, provideHttpClient, withInterceptors } from '@angular/common/http'
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing'
import { destroyPlatform, NgZone, provideZoneChangeDetection, runInInjectionContext } from '@angular/core'
import { fakeAsync, flushMicrotasks, getTestBed, TestBed } from '@angular/core/testing'
import { createApplication } from '@angular/platform-browser'
import { BrowserTestingModule, platformBrowserTesting } from '@angular/platform-browser/testing'
import { createFakeTokenManager } from '@tokenkeep/testing'
import { firstValueFrom } from 'rxjs'
import { expect, test, vi } from 'vitest'
import {
  authTokenInterceptor,
  createTokenManager,
  injectAuthToken,
  injectSessionWarning,
  memoryStore,
  provideAuthToken,
  sessionWarning,
  type Session,
  type TokenManager,
} from '@tokenkeep/angular'

vi.spyOn(console, 'log').mockImplementation(() => undefined)

const createTestApp = async (limits: Partial<Session> = {}) => {
  const tokenResponse = (token: string) => ({
    token,
    lifetime: 60_000,
    refreshToken: 'r',
    session: { id: 's', userId: 'u', renewable: true, ...limits },
  })
  const manager = createTokenManager<string>({
    storage: memoryStore(),
    transport: {
      key: 'zone',
      parseTokenResponse: tokenResponse,
      refresh: async () => ({ issued: tokenResponse('token.1') }),
      revoke: () => Promise.resolve(undefined),
    },
  })
  const app = await createApplication({
    providers: [
      provideZoneChangeDetection(),
      provideAuthToken({ manager: manager as TokenManager }),
      provideHttpClient(withInterceptors([authTokenInterceptor])),
      provideHttpClientTesting(),
    ],
  })
  const { injector } = app
  return {
    app,
    manager,
    zone: injector.get(NgZone),
    http: injector.get(HttpClient),
    backend: injector.get(HttpTestingController),
    auth: runInInjectionContext(injector, () => injectAuthToken()),
    end: () => {
      app.destroy()
      manager.dispose()
    },
  }
}

test('with zone.js, a refresh from a component does not keep the app unstable', async () => {
  const { app, zone, manager, auth, end } = await createTestApp()
  await manager.signIn('token.0')
  const ask = (from: Pick<TokenManager, 'getAuthToken'>) =>
    zone.run(() => {
      from.getAuthToken({ minValidSeconds: 3_600 }).catch(() => undefined)
      return zone.hasPendingMacrotasks
    })
  expect(ask(auth)).toBe(false)
  await vi.waitFor(() => expect(auth.state()).toMatchObject({ status: 'valid', token: 'token.1' }))
  await app.whenStable()
  // Without the adapter, the manager's timer keeps the app unstable. This shows that the test can fail.
  expect(ask(manager)).toBe(true)
  end()
})

test('with zone.js, a session warning does not keep the app unstable', async () => {
  const { app, zone, auth, end } = await createTestApp({ inactiveAt: Date.now() + 3_600_000 })
  await auth.manager.signIn('token.0')
  const warn = () => runInInjectionContext(app.injector, () => injectSessionWarning(60))
  const isPending = zone.run(() => {
    warn()
    return zone.hasPendingMacrotasks
  })
  expect(isPending).toBe(false)
  // Without the adapter, the timers keep the app unstable. This shows that the test can fail.
  const stop = zone.run(() => sessionWarning(auth.manager, 60).subscribe(() => undefined))
  expect(zone.hasPendingMacrotasks).toBe(true)
  stop()
  end()
})

test("with zone.js, the adapter's fetch leaves the app stable, also if it refreshes (case J4)", async () => {
  // The build of this test must be that of the Angular CLI.
  expect(String(createTestApp)).not.toMatch(/^async/)
  const { app, zone, manager, auth, end } = await createTestApp()
  await manager.signIn('token.0')
  const send = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response('ok'))
  await zone.run(() => auth.fetch('/api'))
  await app.whenStable()
  expect(zone.hasPendingMacrotasks).toBe(false)
  const { now } = Date
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + 60_000)
  const answer = zone.run(() => auth.fetch('/api'))
  await vi.waitFor(() => expect(auth.state()).toMatchObject({ token: 'token.1' }))
  clock.mockRestore()
  expect((await answer).ok).toBe(true)
  await app.whenStable()
  expect(zone.hasPendingMacrotasks).toBe(false)
  send.mockRestore()
  end()
})

test('with zone.js, a request that waited for a refresh emits its response inside the zone and leaves the app stable', async () => {
  const { app, zone, auth, http, backend, end } = await createTestApp()
  await zone.run(() => auth.signIn('token.0'))
  const { now } = Date
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + 60_000)
  let inside: boolean | undefined
  const answer = zone.run(() => {
    const response = http.get('/api')
    response.subscribe(() => (inside = NgZone.isInAngularZone()))
    return firstValueFrom(http.get('/api'))
  })
  await vi.waitFor(() => expect(auth.state()).toMatchObject({ token: 'token.1' }))
  clock.mockRestore()
  const sent = await vi.waitFor(() => {
    const found = backend.match('/api')
    expect(found).toHaveLength(2)
    return found
  })
  for (const each of sent) zone.run(() => each.flush('ok'))
  expect(await answer).toBe('ok')
  expect(inside).toBe(true)
  await app.whenStable()
  expect(zone.hasPendingMacrotasks).toBe(false)
  end()
})

test('in fakeAsync, a request leaves after flushMicrotasks() (case J11)', () => {
  destroyPlatform()
  getTestBed().initTestEnvironment(BrowserTestingModule, platformBrowserTesting())
  TestBed.configureTestingModule({
    providers: [
      provideZoneChangeDetection(),
      provideAuthToken({ manager: createFakeTokenManager() }),
      provideHttpClient(withInterceptors([authTokenInterceptor])),
      provideHttpClientTesting(),
    ],
  })
  const inFakeAsync = fakeAsync(() => {
    const backend = TestBed.inject(HttpTestingController)
    let body: unknown
    TestBed.inject(HttpClient)
      .get('/api')
      .subscribe((answer) => (body = answer))
    flushMicrotasks()
    const sent = backend.expectOne('/api')
    expect(sent.request.headers.get('authorization')).toBe('Bearer fake.auth.token')
    sent.flush('ok')
    flushMicrotasks()
    expect(body).toBe('ok')
  })
  // Other test runners enter this zone by themselves.
  const { Zone } = globalThis as unknown as { Zone: ZoneType & { ProxyZoneSpec: new () => ZoneSpec } }
  Zone.current.fork(new Zone.ProxyZoneSpec()).run(inFakeAsync)
})
