// @vitest-environment jsdom
import '@angular/compiler'
import {
  HTTP_INTERCEPTORS,
  HttpClient,
  HttpContext,
  HttpErrorResponse,
  provideHttpClient,
  withInterceptors,
  withInterceptorsFromDi,
} from '@angular/common/http'
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing'
import { PLATFORM_ID, provideZonelessChangeDetection } from '@angular/core'
import { getTestBed, TestBed } from '@angular/core/testing'
import { BrowserTestingModule, platformBrowserTesting } from '@angular/platform-browser/testing'
import { createFakeTokenManager, expired, refreshing, signedOut, valid } from '@tokenkeep/testing'
import { firstValueFrom, type Observable } from 'rxjs'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  AuthTokenInterceptor,
  authTokenInterceptor,
  createTokenManager,
  memoryStore,
  provideAuthToken,
  WITHOUT_AUTH_TOKEN,
  type AuthTokenOptions,
  type TokenManager,
} from './index.ts'

beforeAll(() => {
  getTestBed().initTestEnvironment(BrowserTestingModule, platformBrowserTesting())
})
afterEach(() => void TestBed.resetTestingModule())

const api = 'https://api.example.com'
const forms = {
  'as a function': [provideHttpClient(withInterceptors([authTokenInterceptor]))],
  'as a class': [
    provideHttpClient(withInterceptorsFromDi()),
    { provide: HTTP_INTERCEPTORS, useClass: AuthTokenInterceptor, multi: true },
  ],
}
const setUp = (
  options: AuthTokenOptions,
  form: readonly unknown[] = forms['as a function'],
  platform = 'browser',
) => {
  TestBed.configureTestingModule({
    providers: [
      provideZonelessChangeDetection(),
      { provide: PLATFORM_ID, useValue: platform },
      provideAuthToken({ origins: [api], ...options }),
      form,
      provideHttpClientTesting(),
    ],
  })
  return { http: TestBed.inject(HttpClient), backend: TestBed.inject(HttpTestingController) }
}
const tokenOf = (sent: { request: { headers: { get(name: string): string | null } } }) =>
  sent.request.headers.get('authorization')
const unauthorized = { status: 401, statusText: 'Unauthorized' }
/** What a request came to: its body or its error. */
const outcome = <T>(answer: Observable<T>): Promise<unknown> => firstValueFrom(answer).catch((error) => error)

/** Waits until requests have got past the interceptor. */
const arrived = (backend: HttpTestingController, url: string, count = 1) =>
  vi.waitFor(() => {
    const found = backend.match(url)
    pending.push(...found)
    expect(pending).toHaveLength(count)
    return pending.splice(0)
  })
const pending: ReturnType<HttpTestingController['match']> = []

describe.each(Object.entries(forms))('the interceptor %s', (_, form) => {
  /** A manager of the real kind. Its refreshes are counted, and wait for `release`. */
  let refreshes: number
  let release: () => void
  let manager: TokenManager<string>

  beforeEach(async () => {
    refreshes = 0
    const held = new Promise<void>((resolve) => (release = resolve))
    const tokenResponse = (token: string) => ({
      token,
      lifetime: 60_000,
      refreshToken: 'rt',
      session: { id: 's', userId: 'u', renewable: true },
    })
    manager = createTokenManager<string>({
      storage: memoryStore(),
      transport: {
        key: 'test',
        parseTokenResponse: tokenResponse,
        refresh: async () => {
          refreshes += 1
          await held
          return { issued: tokenResponse(`token.${refreshes}`) }
        },
        revoke: () => Promise.resolve(true),
      },
    })
    await manager.signIn('token.0')
  })
  afterEach(() => {
    manager.dispose()
    vi.restoreAllMocks()
  })
  /** The token came long enough ago for a 401 to be its fault. */
  const outlive = () => {
    const { now } = Date
    vi.spyOn(Date, 'now').mockImplementation(() => now() + 10_000)
  }
  const open = () => setUp({ manager: manager as TokenManager }, form)

  it('sends the token to allowed origins and to no other, whatever they resemble', async () => {
    const { http, backend } = open()
    const elsewhere = [
      'https://api.example.com.evil.net/',
      'https://api.example.com@evil.net/',
      'http://api.example.com/',
      'https://api.example.com:8443/',
      '/own',
    ]
    for (const url of elsewhere) {
      http.get(url).subscribe()
      // At once: a request that is not ours is not delayed by us.
      expect(tokenOf(backend.expectOne(url))).toBeNull()
    }
    http.get(`${api}/orders`, { params: { page: 2 } }).subscribe()
    const [sent] = await arrived(backend, `${api}/orders?page=2`)
    expect(tokenOf(sent!)).toBe('Bearer token.0')
  })

  it('10 parallel 401s: one refresh, 10 replays, 10 successes, bodies intact', async () => {
    const { http, backend } = open()
    const url = `${api}/orders`
    const outcomes = Array.from({ length: 10 }, (_none, order) => outcome(http.post(url, { order })))
    const first = await arrived(backend, url, 10)
    outlive()
    for (const sent of first) sent.flush({ code: 'token_expired' }, unauthorized)
    await vi.waitFor(() => expect(refreshes).toBe(1))
    release()
    const replays = await arrived(backend, url, 10)
    for (const sent of replays) {
      expect(tokenOf(sent)).toBe('Bearer token.1')
      sent.flush(sent.request.body as object)
    }
    expect(await Promise.all(outcomes)).toEqual(Array.from({ length: 10 }, (_none, order) => ({ order })))
    expect(refreshes).toBe(1)
    backend.verify()
  })

  it('an API that always says 401 costs one refresh and one replay', async () => {
    const { http, backend } = open()
    const answer = outcome(http.get(api))
    const [first] = await arrived(backend, api)
    outlive()
    release()
    first!.flush(null, unauthorized)
    const [replay] = await arrived(backend, api)
    replay!.flush({ code: 'never' }, unauthorized)
    const error = (await answer) as HttpErrorResponse
    expect(error).toBeInstanceOf(HttpErrorResponse)
    expect([error.status, error.error]).toEqual([401, { code: 'never' }])
    expect(refreshes).toBe(1)
    backend.verify()
  })

  it('waits for a refresh under way', async () => {
    const { http, backend } = open()
    const { now } = Date
    vi.spyOn(Date, 'now').mockImplementation(() => now() + 60_000)
    const answer = outcome(http.get(api))
    const parallel = outcome(http.get(api))
    await vi.waitFor(() => expect(refreshes).toBe(1))
    backend.expectNone(api)
    vi.restoreAllMocks()
    release()
    for (const sent of await arrived(backend, api, 2)) {
      expect(tokenOf(sent)).toBe('Bearer token.1')
      sent.flush('in time')
    }
    expect(await Promise.all([answer, parallel])).toEqual(['in time', 'in time'])
    expect(refreshes).toBe(1)
  })
})

describe('the interceptor', () => {
  it('leaves a request alone whose context says so', () => {
    const { http, backend } = setUp({ manager: createFakeTokenManager() })
    http.get(api, { context: new HttpContext().set(WITHOUT_AUTH_TOKEN, true) }).subscribe()
    expect(tokenOf(backend.expectOne(api))).toBeNull()
  })

  it("gives the page's own origin the token where none is named", async () => {
    TestBed.configureTestingModule({
      providers: [
        provideZonelessChangeDetection(),
        provideAuthToken({ manager: createFakeTokenManager() }),
        forms['as a function'],
        provideHttpClientTesting(),
      ],
    })
    const backend = TestBed.inject(HttpTestingController)
    TestBed.inject(HttpClient).get('/api/orders').subscribe()
    const [sent] = await arrived(backend, '/api/orders')
    expect(tokenOf(sent!)).toBe('Bearer fake.auth.token')
  })

  it("sends nothing without a token, and gives the caller the manager's error", async () => {
    const manager = createFakeTokenManager({ state: signedOut('revoked') })
    const { http, backend } = setUp({ manager })
    expect(await outcome(http.get(api))).toMatchObject({ code: 'sign-in-required', reason: 'revoked' })
    manager.set(expired())
    expect(await outcome(http.get(api))).toMatchObject({ code: 'unreachable' })
    backend.expectNone(api)
  })

  it("passes on every other error, and an upload's progress", async () => {
    const { http, backend } = setUp({ manager: createFakeTokenManager() })
    const answer = outcome(http.get(api))
    const [sent] = await arrived(backend, api)
    sent!.flush(null, { status: 403, statusText: 'Forbidden' })
    expect(await answer).toMatchObject({ status: 403 })

    const kinds: number[] = []
    http.post(api, 'x', { observe: 'events', reportProgress: true }).subscribe(({ type }) => kinds.push(type))
    const [upload] = await arrived(backend, api)
    upload!.event({ type: 1, loaded: 1, total: 1 })
    upload!.flush('')
    expect(kinds).toEqual([0, 1, 4])
  })

  it('who leaves while it waits for a token sends nothing and waits no longer', async () => {
    const manager = createFakeTokenManager({ state: refreshing() })
    const waits = vi.spyOn(manager, 'getAuthToken')
    const { http, backend } = setUp({ manager })
    http.get(api).subscribe({ error: expect.unreachable }).unsubscribe()
    await expect(waits.mock.results[0]!.value).rejects.toMatchObject({ code: 'aborted' })
    manager.set(valid())
    await new Promise((resolve) => setTimeout(resolve))
    backend.expectNone(api)
  })

  it('who leaves while the API answers cancels the request', async () => {
    const { http, backend } = setUp({ manager: createFakeTokenManager() })
    const subscription = http.get(api).subscribe()
    const [sent] = await arrived(backend, api)
    subscription.unsubscribe()
    expect(sent!.cancelled).toBe(true)
  })

  it('on a server sends requests as they are', () => {
    const manager = createFakeTokenManager()
    const { http, backend } = setUp({ manager }, forms['as a function'], 'server')
    http.get(api).subscribe()
    expect(tokenOf(backend.expectOne(api))).toBeNull()
  })
})
