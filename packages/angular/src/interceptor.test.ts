// @vitest-environment jsdom
import '@angular/compiler'
import {
  HTTP_INTERCEPTORS,
  HttpClient,
  HttpContext,
  HttpErrorResponse,
  HttpEventType,
  provideHttpClient,
  withInterceptors,
  withInterceptorsFromDi,
  type HttpHandler,
  type HttpInterceptor,
  type HttpInterceptorFn,
  type HttpRequest,
} from '@angular/common/http'
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing'
import {
  createEnvironmentInjector,
  EnvironmentInjector,
  inject,
  PLATFORM_ID,
  provideAppInitializer,
  provideZonelessChangeDetection,
} from '@angular/core'
import { getTestBed, TestBed } from '@angular/core/testing'
import { BrowserTestingModule, platformBrowserTesting } from '@angular/platform-browser/testing'
import { createFakeTokenManager, expired, initial, refreshing, signedOut, valid } from '@tokenkeep/testing'
import { firstValueFrom, tap, type Observable } from 'rxjs'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  AUTH_TOKEN_MODE,
  AuthTokenInterceptor,
  authTokenInterceptor,
  createStepUp,
  createTokenManager,
  memoryStore,
  provideAuthToken,
  sessionServer,
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
        revoke: () => Promise.resolve(undefined),
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

  it('asks the user if the API wants a more recent sign-in, and sends the request once more (RFC 9470)', async () => {
    const reauthenticate = vi.fn(async () => void (await manager.getAuthToken({ minValidSeconds: Infinity })))
    const { http, backend } = setUp(
      { manager: manager as TokenManager, stepUp: createStepUp({ reauthenticate }) },
      form,
    )
    release()
    const answer = outcome(http.post(api, { order: 1 }))
    const [first] = await arrived(backend, api)
    const headers = {
      'WWW-Authenticate': 'Bearer error="insufficient_user_authentication", max_age="60"',
    }
    first!.flush(null, { ...unauthorized, headers })
    const [second] = await arrived(backend, api)
    expect(reauthenticate).toHaveBeenCalledExactlyOnceWith({ maxAgeSeconds: 60, acrValues: [] })
    expect([tokenOf(second!), second!.request.body]).toEqual(['Bearer token.1', { order: 1 }])
    second!.flush('deleted')
    expect(await answer).toBe('deleted')
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

  it('sends a request without the token if nobody is signed in, unless it needs one (cases D5, J3)', async () => {
    const manager = createFakeTokenManager({ state: signedOut('revoked') })
    const { http, backend } = setUp({ manager })
    const answer = outcome(http.get(api))
    const [sent] = await arrived(backend, api)
    expect(tokenOf(sent!)).toBeNull()
    sent!.flush('public')
    expect(await answer).toBe('public')

    const always = { context: new HttpContext().set(AUTH_TOKEN_MODE, 'always') }
    const error = (await outcome(http.get(api, always))) as HttpErrorResponse
    expect(error).toBeInstanceOf(HttpErrorResponse)
    expect(error).toMatchObject({
      status: 0,
      url: api,
      error: { code: 'sign-in-required', reason: 'revoked' },
    })
    manager.set(expired())
    expect(await outcome(http.get(api))).toMatchObject({ error: { code: 'unreachable' } })
    backend.expectNone(api)
    manager.set(valid())
    http.get(api, { context: new HttpContext().set(AUTH_TOKEN_MODE, 'never') }).subscribe()
    expect(tokenOf(backend.expectOne(api))).toBeNull()
  })

  it('uses the header and the scheme that are set (case D6), and does not change a request that has the header (case D11)', async () => {
    const { http, backend } = setUp({ manager: createFakeTokenManager(), header: 'x-access-token' })
    http.get(api).subscribe()
    const [sent] = await arrived(backend, api)
    expect(sent!.request.headers.get('x-access-token')).toBe('fake.auth.token')
    http.get(api, { headers: { 'X-Access-Token': 'own' } }).subscribe()
    expect(backend.expectOne(api).request.headers.get('x-access-token')).toBe('own')
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

  it('on a server, sends requests without the token, and fails those that need one (case J3)', async () => {
    const { http, backend } = setUp(
      {
        manager: createTokenManager({ transport: sessionServer({ url: api, appId: 'app' }) }) as TokenManager,
      },
      forms['as a function'],
      'server',
    )
    http.get(api).subscribe()
    expect(tokenOf(backend.expectOne(api))).toBeNull()
    const always = { context: new HttpContext().set(AUTH_TOKEN_MODE, 'always') }
    expect(await outcome(http.get(api, always))).toBeInstanceOf(HttpErrorResponse)
    backend.expectNone(api)
  })
})

describe('among other interceptors (case J5)', () => {
  const elsewhere = 'https://elsewhere.example'
  const toBase =
    (base: string): HttpInterceptorFn =>
    (request, next) =>
      next(request.clone({ url: base + request.url }))
  class ToElsewhere implements HttpInterceptor {
    intercept(request: HttpRequest<unknown>, next: HttpHandler) {
      return next.handle(request.clone({ url: elsewhere + request.url }))
    }
  }
  const classBased = [
    { provide: HTTP_INTERCEPTORS, useClass: AuthTokenInterceptor, multi: true },
    { provide: HTTP_INTERCEPTORS, useClass: ToElsewhere, multi: true },
  ]
  const orders: Record<string, readonly unknown[]> = {
    'functions, ours first': [provideHttpClient(withInterceptors([authTokenInterceptor, toBase(elsewhere)]))],
    'functions, ours last': [provideHttpClient(withInterceptors([toBase(elsewhere), authTokenInterceptor]))],
    'classes, ours first': [provideHttpClient(withInterceptorsFromDi()), ...classBased],
    'classes, ours last': [provideHttpClient(withInterceptorsFromDi()), ...classBased.toReversed()],
    'our function, then a class': [
      provideHttpClient(withInterceptors([authTokenInterceptor]), withInterceptorsFromDi()),
      classBased[1],
    ],
  }
  for (const [name, form] of Object.entries(orders))
    it(`decides by the URL of the request that leaves: ${name}`, () => {
      const { http, backend } = setUp({ manager: createFakeTokenManager() }, form)
      http.get('/orders').subscribe()
      expect(tokenOf(backend.expectOne(`${elsewhere}/orders`))).toBeNull()
    })

  it('sends the token to a base URL that a later interceptor sets', async () => {
    const interceptors = withInterceptors([authTokenInterceptor, toBase(api)])
    const { http, backend } = setUp({ manager: createFakeTokenManager() }, [provideHttpClient(interceptors)])
    http.get('/orders').subscribe()
    const [sent] = await arrived(backend, `${api}/orders`)
    expect(tokenOf(sent!)).toBe('Bearer fake.auth.token')
  })

  it('shows each call once to interceptors on both sides, and no token', async () => {
    const seen: string[] = []
    const watch =
      (name: string): HttpInterceptorFn =>
      (request, next) => {
        seen.push(`${name} ${request.headers.has('authorization')}`)
        return next(request).pipe(
          tap((event) => event.type === HttpEventType.Response && seen.push(`${name} done`)),
        )
      }
    const interceptors = withInterceptors([watch('before'), authTokenInterceptor, watch('after')])
    const tokens = {
      getAuthToken: async (asked?: object) => (asked && 'rejected' in asked ? 'newer' : 'old'),
    }
    const manager = { ...createFakeTokenManager(), ...tokens }
    const { http, backend } = setUp({ manager }, [provideHttpClient(interceptors)])
    const answer = outcome(http.get(api))
    const [first] = await arrived(backend, api)
    first!.flush(null, unauthorized)
    const [replay] = await arrived(backend, api)
    replay!.flush('in time')
    expect(await answer).toBe('in time')
    expect(seen).toEqual(['before false', 'after false', 'after done', 'before done'])
  })
})

it('an area with a manager of its own sends its own token (case J6)', async () => {
  const { http, backend } = setUp({ manager: createFakeTokenManager() })
  const areaManager = createFakeTokenManager({ state: valid('token.of.the.area') })
  const area = createEnvironmentInjector(
    [provideAuthToken({ manager: areaManager, origins: [api] })],
    TestBed.inject(EnvironmentInjector),
  )
  const context = new HttpContext()
  area.get(HttpClient).get(`${api}/area`, { context }).subscribe()
  http.get(`${api}/root`, { context }).subscribe()
  const [inArea] = await arrived(backend, `${api}/area`)
  const [inRoot] = await arrived(backend, `${api}/root`)
  expect([tokenOf(inArea!), tokenOf(inRoot!)]).toEqual(['Bearer token.of.the.area', 'Bearer fake.auth.token'])
  area.destroy()
})

it('a request of an app initializer waits for the storage, and carries the token (keycloak-angular#603, #451)', async () => {
  const manager = createFakeTokenManager({ state: initial })
  TestBed.configureTestingModule({
    providers: [
      provideZonelessChangeDetection(),
      provideAuthToken({ manager, origins: [api] }),
      forms['as a function'],
      provideHttpClientTesting(),
      provideAppInitializer(() => inject(HttpClient).get(`${api}/config`)),
    ],
  })
  const backend = TestBed.inject(HttpTestingController)
  backend.expectNone(`${api}/config`)
  manager.set(valid())
  const [sent] = await arrived(backend, `${api}/config`)
  expect(tokenOf(sent!)).toBe('Bearer fake.auth.token')
  sent!.flush({})
})
