// @vitest-environment jsdom
import 'zone.js'
import '@angular/compiler'
import { HttpClient, provideHttpClient, withInterceptors } from '@angular/common/http'
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing'
import { NgZone, provideZoneChangeDetection, runInInjectionContext } from '@angular/core'
import { createApplication } from '@angular/platform-browser'
import { firstValueFrom } from 'rxjs'
import { expect, test, vi } from 'vitest'
import {
  authTokenInterceptor,
  createTokenManager,
  injectAuthToken,
  memoryStore,
  provideAuthToken,
  type TokenManager,
} from '@tokenkeep/angular'

vi.spyOn(console, 'log').mockImplementation(() => undefined)

const createTestApp = async () => {
  const tokenResponse = (token: string) => ({
    token,
    lifetime: 60_000,
    refreshToken: 'r',
    session: { id: 's', userId: 'u', renewable: true },
  })
  const manager = createTokenManager<string>({
    storage: memoryStore(),
    transport: {
      key: 'zone',
      parseTokenResponse: tokenResponse,
      refresh: async () => ({ issued: tokenResponse('token.1') }),
      revoke: () => Promise.resolve(true),
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
