import { sessionServer } from '@tokenkeep/core'
import { withClientSecret } from '../src/index.ts'
import { createBrowser, type Browser } from './browser.ts'
import { origin, type App, type AppOptions, type MakeApp, type Rendered } from './plain-app.ts'
import { appId, authUrl, startSessionServer, type SessionServer } from './session-server.ts'

export const key = 'the first secret of the app, 32 characters or more'
export const olderKey = 'an older secret of the app, 32 characters or more'

/** What a browser sends with the requests of a script of the app. */
export const fromScript = { origin, 'sec-fetch-site': 'same-origin', 'tokenkeep-session': 'cookie' }

/** A session server, any number of instances of one app, and browsers. */
export interface World {
  readonly server: SessionServer
  /** What the API answers, in this order. After the last one it answers 200. */
  readonly apiAnswers: number[]
  readonly apiRequests: { readonly headers: Headers; readonly body: string }[]
  instance(options?: Partial<AppOptions> & { readonly skew?: number }): App
  /** Sends a request with the cookies of a browser. The browser receives the answer only if the caller says so. */
  send(app: App, browser: Browser, path: string, init?: RequestInit): Promise<Response>
  /** Sends a request, and the browser receives the answer. */
  visit(app: App, browser: Browser, path: string, init?: RequestInit): Promise<Response>
  /** Visits `/page` and reads what was rendered. */
  page(app: App, browser: Browser, path?: string): Promise<Rendered>
  /** Signs a user in. Returns the browser. */
  signIn(app: App, browser?: Browser, userId?: string): Promise<Browser & { readonly userId: string }>
  /** Lets time pass. Seconds. */
  pass(seconds: number): void
  close(): Promise<void>
}

export async function createWorld(makeApp: MakeApp): Promise<World> {
  const server = await startSessionServer()
  const apiAnswers: number[] = []
  const apiRequests: World['apiRequests'] = []
  const world: World = {
    server,
    apiAnswers,
    apiRequests,
    instance: ({ skew = 0, ...more } = {}) =>
      makeApp({
        transport: withClientSecret(sessionServer({ url: authUrl, appId }), {
          clientId: appId,
          clientSecret: server.clientSecret,
        }),
        clientSecret: server.clientSecret,
        appId,
        keys: [key],
        openSession: server.openSession,
        async callApi(request) {
          const { headers } = request
          apiRequests.push({ headers: new Headers(headers), body: await request.text() })
          // The API tries to set a cookie on the app's origin.
          const set = { 'set-cookie': '__Host-tk-shop=out; Path=/; Secure', 'x-total': '2' }
          return new Response('orders', { status: apiAnswers.shift() ?? 200, headers: set })
        },
        environment: { now: () => server.now + skew, fetch: server.fetch },
        ...more,
      }),
    send: (app, browser, path, init = {}) =>
      app.fetch(
        new Request(origin + path, {
          redirect: 'manual',
          ...init,
          headers: { cookie: browser.header(), ...(init.headers as Record<string, string>) },
        }),
      ),
    async visit(app, browser, path, init) {
      const response = await world.send(app, browser, path, init)
      browser.receive(response)
      return response
    },
    page: async (app, browser, path = '/page') =>
      (await (await world.visit(app, browser, path)).json()) as Rendered,
    async signIn(app, browser = createBrowser(), userId) {
      const user = userId ?? (await server.createUser())
      const response = await world.visit(app, browser, `/sign-in?user=${user}`, {
        method: 'POST',
        headers: fromScript,
      })
      if (!response.ok) throw new Error(`sign-in: ${response.status}`)
      return Object.assign(browser, { userId: user })
    },
    pass: (seconds) => void (server.now += seconds * 1000),
    close: () => server.close(),
  }
  return world
}
