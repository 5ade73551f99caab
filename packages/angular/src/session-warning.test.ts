// @vitest-environment jsdom
import '@angular/compiler'
import { IMAGE_CONFIG } from '@angular/common'
import {
  ChangeDetectionStrategy,
  Component,
  destroyPlatform,
  inject,
  InjectionToken,
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
import { createFakeTokenManager, fakeSession, valid } from '@tokenkeep/testing'
import {
  sessionWarningContract,
  type MountedWarning,
  type WarningHarness,
  type WarningView,
} from '@tokenkeep/testing/adapter-contract'
import { expect, test, vi } from 'vitest'
import { injectEndsIn, injectSessionWarning, provideAuthToken, type TokenManager } from './index.ts'

// Angular logs a greeting in development mode.
vi.spyOn(console, 'log').mockImplementation(() => undefined)

const VIEW = new InjectionToken<WarningView>('View')
const changeDetection = ChangeDetectionStrategy.OnPush

// The decorators are called as functions, so the build of the tests needs no Angular compiler.
const Warns = Component({ selector: 'tk-warns', template: '{{ text() }}', changeDetection })(
  class {
    readonly #view = inject(VIEW)
    readonly #warning = injectSessionWarning(this.#view.seconds)
    text() {
      return this.#view.show(this.#warning())
    }
  },
)
const Counts = Component({ selector: 'tk-counts', template: '{{ seconds() }}', changeDetection })(
  class {
    readonly seconds = injectEndsIn()
  },
)
const Root = Component({
  selector: 'tk-root',
  template: '<tk-warns />@if (countdown) {<tk-counts />}',
  imports: [Warns, Counts],
  changeDetection,
})(
  class {
    readonly countdown = inject(VIEW).countdown
  },
)

const configOf = (manager: TokenManager, view: WarningView): ApplicationConfig => ({
  providers: [
    provideZonelessChangeDetection(),
    provideAuthToken({ manager }),
    { provide: VIEW, useValue: view },
    // Angular checks the page's images some time after load. By then the document may belong to another test.
    { provide: IMAGE_CONFIG, useValue: { disableImageSizeWarning: true, disableImageLazyLoadWarning: true } },
  ],
})
/** Angular renders in a task of its own. */
const rendered = () => vi.advanceTimersByTimeAsync(50)
/** Moves the fake timers, a millisecond at a time, until Angular has done its work. */
const whileTimersRun = async <T>(work: Promise<T>): Promise<T> => {
  const outcome = Promise.allSettled([work])
  const tick = () => vi.advanceTimersByTimeAsync(1).then(() => undefined)
  // oxlint-disable-next-line no-await-in-loop -- One tick after the other.
  while (!(await Promise.race([outcome, tick()])));
  return work
}
const start = async (html: string, config: ApplicationConfig): Promise<MountedWarning> => {
  document.body.innerHTML = html
  const element = document.querySelector('tk-root')!
  const app = await whileTimersRun(bootstrapApplication(Root, config))
  await rendered()
  element.remove()
  return {
    element,
    update: async (work) => {
      await work()
      await rendered()
    },
    unmount: async () => app.destroy(),
  }
}

const harness: WarningHarness = {
  mount: (manager, view) => start('<tk-root></tk-root>', configOf(manager, view)),
  async renderOnServer(manager, view) {
    destroyPlatform()
    Object.assign(globalThis, { ngServerMode: true })
    const { providers } = configOf(manager, view)
    const config = { providers: [...providers, provideServerRendering(), provideClientHydration()] }
    const rendering = renderApplication(
      (context: BootstrapContext) => bootstrapApplication(Root, config, context),
      { document: '<tk-root></tk-root>', url: 'http://localhost/', allowedHosts: ['localhost'] },
    )
    const page = await whileTimersRun(rendering)
    Object.assign(globalThis, { ngServerMode: false })
    return page.replace(/^.*<body>|<\/body>.*$/gs, '')
  },
  async hydrate(manager, view, html) {
    const warn = vi.spyOn(console, 'warn')
    const error = vi.spyOn(console, 'error')
    const { providers } = configOf(manager, view)
    const mounted = await start(html, { providers: [...providers, provideClientHydration()] })
    expect(mounted.element.hasAttribute('ngh')).toBe(false)
    expect([...warn.mock.calls, ...error.mock.calls]).toEqual([])
    return mounted
  },
}

sessionWarningContract(`Angular ${VERSION.full}`, harness)

test('works outside components, until the app is destroyed', async () => {
  const fake = createFakeTokenManager({
    state: valid('a.b.c', { ...fakeSession, absoluteExpiresAt: Date.now() + 30_000 }),
  })
  const providers = [provideZonelessChangeDetection(), provideAuthToken({ manager: fake })]
  const app = await createApplication({ providers })
  const warning = runInInjectionContext(app.injector, () => injectSessionWarning(60))
  expect(warning()).toMatchObject({ canStay: false })
  app.destroy()
  expect(fake.subscriptions).toBe(0)
})
