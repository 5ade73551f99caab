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
/** Resolves to a request's body, or to its error. */
const outcome = <T>(answer: Observable<T>): Promise<unknown> => firstValueFrom(answer).catch((error) => error)

/** Waits until the interceptor has passed on `count` requests. */
const arrived = (backend: HttpTestingController, url: string, count = 1) =>
  vi.waitFor(() => {
    const found = backend.match(url)
    pending.push(...found)
    expect(pending).toHaveLength(count)
    return pending.splice(0)
  })
const pending: ReturnType<HttpTestingController['match']> = []

describe.each(Object.entries(forms))('the interceptor %s', (_, form) => {
  /** A real manager. Its refreshes are counted, and end when the test calls `release`. */
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
  /** Moves the clock on, because a 401 to a token that has just arrived causes no refresh. */
  const ageToken = () => {
    const { now } = Date
    vi.spyOn(Date, 'now').mockImplementation(() => now() + 10_000)
  }
  const open = () => setUp({ manager: manager as TokenManager }, form)

  it('sends the token to allowed origins only, not to similar ones', async () => {
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
      // Synchronously: the interceptor must not delay a request to another origin.
      expect(tokenOf(backend.expectOne(url))).toBeNull()
    }
    http.get(`${api}/orders`, { params: { page: 2 } }).subscribe()
    const [sent] = await arrived(backend, `${api}/orders?page=2`)
    expect(tokenOf(sent!)).toBe('Bearer token.0')
  })

  it('refreshes once for 10 parallel 401s, and replays all 10 requests with their bodies', async () => {
    const { http, backend } = open()
    const url = `${api}/orders`
    const outcomes = Array.from({ length: 10 }, (_none, order) => outcome(http.post(url, { order })))
    const first = await arrived(backend, url, 10)
    ageToken()
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

  it('refreshes and replays once if the API always answers 401', async () => {
    const { http, backend } = open()
    const answer = outcome(http.get(api))
    const [first] = await arrived(backend, api)
    ageToken()
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

  it('waits for the refresh under way', async () => {
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
  it('does not change a request whose context sets WITHOUT_AUTH_TOKEN', () => {
    const { http, backend } = setUp({ manager: createFakeTokenManager() })
    http.get(api, { context: new HttpContext().set(WITHOUT_AUTH_TOKEN, true) }).subscribe()
    expect(tokenOf(backend.expectOne(api))).toBeNull()
  })

  it("sends the token to the page's own origin if no origins are set", async () => {
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

  it("sends nothing without a token, and fails with the manager's error", async () => {
    const manager = createFakeTokenManager({ state: signedOut('revoked') })
    const { http, backend } = setUp({ manager })
    expect(await outcome(http.get(api))).toMatchObject({ code: 'sign-in-required', reason: 'revoked' })
    manager.set(expired())
    expect(await outcome(http.get(api))).toMatchObject({ code: 'unreachable' })
    backend.expectNone(api)
  })

  it("passes on other errors, and an upload's progress", async () => {
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

  it('aborts the wait and sends nothing if the caller unsubscribes before there is a token', async () => {
    const manager = createFakeTokenManager({ state: refreshing() })
    const waits = vi.spyOn(manager, 'getAuthToken')
    const { http, backend } = setUp({ manager })
    http.get(api).subscribe({ error: expect.unreachable }).unsubscribe()
    await expect(waits.mock.results[0]!.value).rejects.toMatchObject({ code: 'aborted' })
    manager.set(valid())
    await new Promise((resolve) => setTimeout(resolve))
    backend.expectNone(api)
  })

  it('cancels the request if the caller unsubscribes before the API answers', async () => {
    const { http, backend } = setUp({ manager: createFakeTokenManager() })
    const subscription = http.get(api).subscribe()
    const [sent] = await arrived(backend, api)
    subscription.unsubscribe()
    expect(sent!.cancelled).toBe(true)
  })

  it('sends requests unchanged on a server', () => {
    const manager = createFakeTokenManager()
    const { http, backend } = setUp({ manager }, forms['as a function'], 'server')
    http.get(api).subscribe()
    expect(tokenOf(backend.expectOne(api))).toBeNull()
  })
})
