// @vitest-environment jsdom
import '@angular/compiler'
import { IMAGE_CONFIG } from '@angular/common'
import {
  ApplicationRef,
  ChangeDetectionStrategy,
  Component,
  createComponent,
  destroyPlatform,
  ErrorHandler,
  inject,
  Injectable,
  InjectionToken,
  Injector,
  provideZonelessChangeDetection,
  runInInjectionContext,
  VERSION,
  type ApplicationConfig,
} from '@angular/core'
import {
  bootstrapApplication,
  createApplication,
  provideClientHydration,
  type BootstrapContext,
} from '@angular/platform-browser'
import { provideServerRendering, renderApplication } from '@angular/platform-server'
import { createFakeTokenManager, refreshing, signedOut } from '@tokenkeep/testing'
import { adapterContract, type Harness, type Mounted, type View } from '@tokenkeep/testing/adapter-contract'
import { firstValueFrom, map, take, toArray } from 'rxjs'
import { expect, test, vi } from 'vitest'
import { injectAuthToken, provideAuthToken, type TokenManager } from './index.ts'

// Angular logs a greeting in development mode.
vi.spyOn(console, 'log').mockImplementation(() => undefined)

const VIEW = new InjectionToken<View>('View')
const changeDetection = ChangeDetectionStrategy.OnPush

// The decorators are called as functions, so the build of the tests needs no Angular compiler.
const Shows = Component({ selector: 'tk-shows', template: '{{ text() }}', changeDetection })(
  class {
    readonly #view = inject(VIEW)
    readonly #shown = injectAuthToken(this.#view.select)
    text() {
      this.#view.onRender()
      return this.#shown()
    }
  },
)
const Acts = Component({ selector: 'tk-acts', template: '<i [title]="title()"></i>', changeDetection })(
  class {
    readonly #view = inject(VIEW)
    readonly #auth = injectAuthToken()
    title() {
      this.#view.onActions(this.#auth)
      return this.#auth.state().status
    }
  },
)
const ChangesEarly = Component({ selector: 'tk-changes-early', template: '', changeDetection })(
  class {
    readonly #view = inject(VIEW)
    ngAfterViewInit() {
      this.#view.onFirstEffect()
    }
  },
)
const Root = Component({
  selector: 'tk-root',
  template: '@for (each of all; track each) {<tk-shows />}<tk-acts /><tk-changes-early />',
  imports: [Shows, Acts, ChangesEarly],
  changeDetection,
})(
  class {
    readonly all = Array.from({ length: inject(VIEW).count }, (_, index) => index)
  },
)

const configOf = (manager: TokenManager, view: View): ApplicationConfig => ({
  providers: [
    provideZonelessChangeDetection(),
    provideAuthToken({ manager }),
    { provide: VIEW, useValue: view },
    { provide: ErrorHandler, useValue: { handleError: view.onError } },
    // Angular checks the page's images some time after load. By then the document may belong to another test.
    { provide: IMAGE_CONFIG, useValue: { disableImageSizeWarning: true, disableImageLazyLoadWarning: true } },
  ],
})
const settled = async (app: ApplicationRef) => {
  await new Promise((resolve) => setTimeout(resolve))
  await app.whenStable()
}
const start = async (element: Element, config: ApplicationConfig): Promise<Mounted> => {
  const app = await bootstrapApplication(Root, config)
  await settled(app)
  return {
    element,
    update: async (change) => {
      change()
      await settled(app)
    },
    unmount: async () => app.destroy(),
  }
}
const hostIn = (html: string): Element => {
  document.body.innerHTML = html
  return document.querySelector('tk-root')!
}

const harness: Harness = {
  async mount(manager, view) {
    // Angular bootstraps into the first host element in the document. Remove it, so that the next root gets its own.
    const element = hostIn('<tk-root></tk-root>')
    const mounted = await start(element, configOf(manager, view))
    element.remove()
    return mounted
  },
  async renderOnServer(manager, view) {
    destroyPlatform()
    Object.assign(globalThis, { ngServerMode: true })
    const { providers } = configOf(manager, view)
    const config = { providers: [...providers, provideServerRendering(), provideClientHydration()] }
    const html = await renderApplication(
      (context: BootstrapContext) => bootstrapApplication(Root, config, context),
      { document: '<tk-root></tk-root>', url: 'http://localhost/', allowedHosts: ['localhost'] },
    )
    Object.assign(globalThis, { ngServerMode: false })
    return html.replace(/^.*<body>|<\/body>.*$/gs, '')
  },
  async hydrate(manager, view, html) {
    const warn = vi.spyOn(console, 'warn')
    const error = vi.spyOn(console, 'error')
    const { providers } = configOf(manager, view)
    const mounted = await start(hostIn(html), { providers: [...providers, provideClientHydration()] })
    expect(mounted.element.hasAttribute('ngh')).toBe(false)
    expect([...warn.mock.calls, ...error.mock.calls]).toEqual([])
    return mounted
  },
  useWithoutProvider: () =>
    runInInjectionContext(Injector.create({ providers: [] }), () => injectAuthToken()),
}

adapterContract(`Angular ${VERSION.full}`, harness)

/** Creates an app, and returns its `injectAuthToken()`. */
const appOver = async (manager: TokenManager, origins?: readonly string[]) => {
  const app = await createApplication({
    providers: [provideZonelessChangeDetection(), provideAuthToken({ manager, ...(origins && { origins }) })],
  })
  const auth = runInInjectionContext(app.injector, () => injectAuthToken())
  await app.whenStable()
  return { app, auth }
}

test('outside components, it follows the manager until the app is destroyed', async () => {
  const fake = createFakeTokenManager()
  const { app, auth } = await appOver(fake)
  expect(auth.state().status).toBe('valid')
  fake.set(refreshing())
  await Promise.resolve()
  expect(auth.state().status).toBe('refreshing')
  expect(fake.subscriptions).toBe(1)
  app.destroy()
  expect(fake.subscriptions).toBe(0)
})

test('knows the real state at once, before any render (case J2)', async () => {
  const fake = createFakeTokenManager({ state: refreshing('a.token') })
  const app = await createApplication({
    providers: [provideZonelessChangeDetection(), provideAuthToken({ manager: fake })],
  })
  const auth = runInInjectionContext(app.injector, () => injectAuthToken())
  expect(auth.state()).toBe(fake.get())
  app.destroy()
  expect(fake.subscriptions).toBe(0)
})

test('while it takes over server HTML, components render the first state, and services read the real one (case J2)', async () => {
  const fake = createFakeTokenManager()
  const seen: string[] = []
  const Service = Injectable({ providedIn: 'root' })(
    class {
      readonly status = injectAuthToken(({ status }) => status)
    },
  )
  const Page = Component({ selector: 'tk-root', template: '{{ status() }}' })(
    class {
      readonly status = injectAuthToken(({ status }) => status)
      readonly service = inject(Service) as { status(): string }
      constructor() {
        seen.push(this.status(), this.service.status())
      }
    },
  )
  document.body.innerHTML = '<tk-root ng-server-context="ssr">refreshing</tk-root>'
  const app = await bootstrapApplication(Page, {
    providers: [provideZonelessChangeDetection(), provideAuthToken({ manager: fake })],
  })
  expect(seen).toEqual(['refreshing', 'valid'])
  await settled(app)
  expect(document.body.textContent).toBe('valid')
  // The attribute stays. A component that is created later renders no server HTML.
  const later = createComponent(Page, { environmentInjector: app.injector, hostElement: document.body })
  expect(seen.slice(2)).toEqual(['valid', 'valid'])
  later.destroy()
  app.destroy()
})

test('state$ emits the current state and each later one, and completes when the app is destroyed', async () => {
  const fake = createFakeTokenManager()
  const { app, auth } = await appOver(fake)
  const seen = firstValueFrom(
    auth.state$.pipe(
      map(({ status }) => status),
      take(3),
      toArray(),
    ),
  )
  await settled(app)
  fake.set(refreshing())
  await settled(app)
  fake.set(signedOut())
  expect(await seen).toEqual(['valid', 'refreshing', 'signed-out'])
  const completed = vi.fn<() => void>()
  auth.state$.subscribe({ complete: completed })
  app.destroy()
  expect(completed).toHaveBeenCalledOnce()
})

test("sends the token to the page's own origin by default, and to the origins that are set", async () => {
  const fake = createFakeTokenManager()
  const send = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response())
  const first = await appOver(fake)
  await first.auth.fetch(`${location.origin}/api`)
  await first.auth.fetch('https://api.example.com/')
  first.app.destroy()
  const second = await appOver(fake, ['https://api.example.com'])
  await second.auth.fetch('https://api.example.com/')
  second.app.destroy()
  const tokens = send.mock.calls.map(([request]) => (request as Request).headers.get('authorization'))
  expect(tokens).toEqual(['Bearer fake.auth.token', null, 'Bearer fake.auth.token'])
  send.mockRestore()
})

test('throws at once if an entry of origins is not an origin', async () => {
  await expect(appOver(createFakeTokenManager(), ['https://api.example.com/v1'])).rejects.toThrow(TypeError)
})
