import '@angular/compiler'
import { HttpClient, provideHttpClient, withInterceptors } from '@angular/common/http'
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing'
import { Component, DOCUMENT, inject, provideZonelessChangeDetection } from '@angular/core'
import {
  bootstrapApplication,
  provideClientHydration,
  type BootstrapContext,
} from '@angular/platform-browser'
import { provideServerRendering, renderApplication } from '@angular/platform-server'
import { expect, test, vi } from 'vitest'
import {
  authTokenInterceptor,
  createTokenManager,
  injectAuthToken,
  provideAuthToken,
  sessionServer,
  type TokenManager,
} from './index.ts'

// Runs in Node without a DOM, as Angular's server rendering does.

vi.spyOn(console, 'log').mockImplementation(() => undefined)

const api = 'https://api.example.com'

const Page = Component({ selector: 'tk-page', template: '{{ auth.state().status }}' })(
  class {
    readonly auth = injectAuthToken()
    readonly #backend = inject(HttpTestingController)
    constructor() {
      inject(HttpClient).get(`${api}/news`).subscribe()
      const sent = this.#backend.expectOne(`${api}/news`)
      expect(sent.request.headers.has('authorization')).toBe(false)
      sent.flush('public')
    }
  },
)

test('a server renders the first state, sends no token, and subscribes to nothing', async () => {
  const manager = createTokenManager({ transport: sessionServer({ url: api, appId: 'app' }) })
  const subscribe = vi.spyOn(manager, 'subscribe')
  const config = {
    providers: [
      provideZonelessChangeDetection(),
      provideServerRendering(),
      provideClientHydration(),
      provideHttpClient(withInterceptors([authTokenInterceptor])),
      provideHttpClientTesting(),
      provideAuthToken({ manager: manager as TokenManager, origins: [api] }),
    ],
  }
  const html = await renderApplication(
    (context: BootstrapContext) => bootstrapApplication(Page, config, context),
    { document: '<tk-page></tk-page>', url: 'http://localhost/', allowedHosts: ['localhost'] },
  )
  expect(html).toContain('>refreshing</tk-page>')
  expect(subscribe).not.toHaveBeenCalled()
})

test('a function gives each app a manager of its own, and can inject', async () => {
  const transport = sessionServer({ url: api, appId: 'app' })
  const made: TokenManager[] = []
  const Status = Component({ selector: 'tk-page', template: '{{ auth.state().status }}' })(
    class {
      readonly auth = injectAuthToken()
    },
  )
  const config = {
    providers: [
      provideZonelessChangeDetection(),
      provideServerRendering(),
      provideHttpClient(),
      provideAuthToken(() => {
        expect(inject(DOCUMENT).querySelector('tk-page')).not.toBeNull()
        const manager = createTokenManager({ transport }) as TokenManager
        made.push(manager)
        return { manager }
      }),
    ],
  }
  const render = () =>
    renderApplication((context: BootstrapContext) => bootstrapApplication(Status, config, context), {
      document: '<tk-page></tk-page>',
      url: 'http://localhost/',
      allowedHosts: ['localhost'],
    })
  await Promise.all([render(), render()])
  expect(new Set(made).size).toBe(2)
})
