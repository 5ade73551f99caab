// @vitest-environment jsdom
import '@angular/compiler'
import { HttpClient, provideHttpClient, withInterceptors } from '@angular/common/http'
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing'
import { provideZonelessChangeDetection } from '@angular/core'
import { getTestBed, TestBed } from '@angular/core/testing'
import { BrowserTestingModule, platformBrowserTesting } from '@angular/platform-browser/testing'
import { authTokenInterceptor, provideAuthToken } from '@tokenkeep/angular'
import { createFakeTokenManager } from '@tokenkeep/testing'
import { expect, test, vi } from 'vitest'

getTestBed().initTestEnvironment(BrowserTestingModule, platformBrowserTesting())

test('loads the orders with the token', async () => {
  TestBed.configureTestingModule({
    providers: [
      provideZonelessChangeDetection(),
      provideAuthToken({ manager: createFakeTokenManager() }),
      provideHttpClient(withInterceptors([authTokenInterceptor])),
      provideHttpClientTesting(),
    ],
  })
  const api = TestBed.inject(HttpTestingController)
  const orders = vi.fn<(orders: unknown) => void>()
  TestBed.inject(HttpClient).get('/api/orders').subscribe(orders)
  // The token comes in a microtask, so the request leaves a little later.
  const request = await vi.waitFor(() => api.expectOne('/api/orders'))
  expect(request.request.headers.get('authorization')).toBe('Bearer fake.auth.token')
  request.flush(['one order'])
  expect(orders).toHaveBeenCalledWith(['one order'])
})
