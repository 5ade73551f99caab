// @vitest-environment jsdom
import { createFakeTokenManager, expired, refreshing } from '@tokenkeep/testing'
import { adapterContract, type Harness, type View } from '@tokenkeep/testing/adapter-contract'
import { expect, test, vi } from 'vitest'
import {
  createApp,
  createSSRApp,
  defineComponent,
  effectScope,
  h,
  isReadonly,
  nextTick,
  onBeforeMount,
  Suspense,
  version,
  type App,
} from 'vue'
import { renderToString } from 'vue/server-renderer'
import { createAuthToken, useAuthToken, type AuthToken, type TokenManager } from './index.ts'

const rootOf = (view: View) => {
  const Shows = defineComponent(() => {
    const shown = useAuthToken(view.select)
    return () => {
      view.onRender()
      return h('i', shown.value)
    }
  })
  const Acts = defineComponent(() => {
    const { state, ...actions } = useAuthToken()
    return () => {
      view.onActions(actions)
      return h('i', { title: state.value.status })
    }
  })
  const ChangesEarly = defineComponent(() => {
    onBeforeMount(view.onFirstEffect)
    return () => h('i')
  })
  return defineComponent(() => () => [
    ...Array.from({ length: view.count }, (_, key) => h(Shows, { key })),
    h(Acts),
    h(ChangesEarly),
  ])
}
const appOf = (app: App, manager: TokenManager, view: View) => {
  app.use(createAuthToken({ manager }))
  app.config.errorHandler = view.onError
  return app
}
const start = async (app: App, element: Element) => {
  app.mount(element)
  await nextTick()
  return {
    element,
    update: async (change: () => void) => {
      change()
      await new Promise((resolve) => setTimeout(resolve))
    },
    unmount: async () => app.unmount(),
  }
}

const harness: Harness = {
  mount: (manager, view) =>
    start(appOf(createApp(rootOf(view)), manager, view), document.createElement('div')),
  renderOnServer: (manager, view) => renderToString(appOf(createSSRApp(rootOf(view)), manager, view)),
  async hydrate(manager, view, html) {
    const element = document.createElement('div')
    element.innerHTML = html
    const warn = vi.spyOn(console, 'warn')
    const error = vi.spyOn(console, 'error')
    const mounted = await start(appOf(createSSRApp(rootOf(view)), manager, view), element)
    expect(warn.mock.calls).toEqual([])
    expect(error.mock.calls).toEqual([])
    return mounted
  },
  useWithoutProvider: () => createApp({}).runWithContext(() => useAuthToken()),
}

adapterContract(`Vue ${version}`, harness)

test('returns readonly refs', async () => {
  const fake = createFakeTokenManager()
  const app = createApp({}).use(createAuthToken({ manager: fake }))
  const scope = effectScope()
  const [auth, status] = app.runWithContext(() =>
    scope.run(() => [useAuthToken(), useAuthToken((state) => state.status)] as const)!,
  )
  expect([isReadonly(auth.state), isReadonly(status)]).toEqual([true, true])
  scope.stop()
})

test('outside components, it follows the manager until its effect scope stops', async () => {
  const fake = createFakeTokenManager()
  const app = createApp({}).use(createAuthToken({ manager: fake }))
  const scope = effectScope()
  const auth = app.runWithContext(() => scope.run(() => useAuthToken())!)
  expect(auth.state.value.status).toBe('valid')
  fake.set(refreshing())
  await nextTick()
  expect(auth.state.value.status).toBe('refreshing')
  expect(fake.subscriptions).toBe(1)
  scope.stop()
  expect(fake.subscriptions).toBe(0)
})

test('a component that is mounted after hydration renders the real state at once', async () => {
  const fake = createFakeTokenManager()
  const seen: string[] = []
  const Late = defineComponent(() => {
    const status = useAuthToken((state) => state.status)
    return () => {
      seen.push(status.value)
      return h('p', status.value)
    }
  })
  const open = vi.fn<() => boolean>(() => false)
  const Page = defineComponent(() => {
    const status = useAuthToken((state) => state.status)
    return () => h('div', { title: status.value }, open() ? [h(Late)] : [])
  })
  const app = createSSRApp(Page).use(createAuthToken({ manager: fake }))
  const element = document.createElement('div')
  element.innerHTML = await renderToString(createSSRApp(Page).use(createAuthToken({ manager: fake })))
  app.mount(element)
  await nextTick()
  open.mockReturnValue(true)
  fake.set(expired())
  await vi.waitFor(() => expect(seen.length).toBeGreaterThan(0))
  expect(seen).toEqual(['expired'])
  app.unmount()
})

test('a component below Suspense that hydrates later than the app also renders the first state first', async () => {
  const fake = createFakeTokenManager()
  const Status = defineComponent(() => {
    const status = useAuthToken((state) => state.status)
    return () => h('p', status.value)
  })
  const HydratesLater = defineComponent(async () => {
    await new Promise((resolve) => setTimeout(resolve))
    return () => h(Status)
  })
  const Page = defineComponent(() => () => [h(Status), h(Suspense, () => h(HydratesLater))])
  const appOver = () => createSSRApp(Page).use(createAuthToken({ manager: fake }))
  const element = document.createElement('div')
  element.innerHTML = await renderToString(appOver())
  const warn = vi.spyOn(console, 'warn')
  const app = appOver()
  app.mount(element)
  await vi.waitFor(() => expect(element.textContent).toBe('valid'.repeat(2)))
  expect(warn.mock.calls.flat().filter((text) => /ydration/.test(String(text)))).toEqual([])
  app.unmount()
  expect(fake.subscriptions).toBe(0)
})

test("sends the token to the page's own origin by default, and uses the plugin's fetch if it has one", async () => {
  const fake = createFakeTokenManager()
  const useIn = (fetch?: typeof globalThis.fetch) => {
    const app = createApp({}).use(createAuthToken({ manager: fake, ...(fetch && { fetch }) }))
    return app.runWithContext(() => effectScope().run(() => useAuthToken())!)
  }
  const send = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response())
  const auth: AuthToken = useIn()
  await auth.fetch(`${location.origin}/api`)
  await auth.fetch('https://elsewhere.example/')
  const tokens = send.mock.calls.map(([request]) => (request as Request).headers.get('authorization'))
  expect(tokens).toEqual(['Bearer fake.auth.token', null])
  send.mockRestore()

  const own = vi.fn<typeof fetch>()
  expect(useIn(own).fetch).toBe(own)
})

test('says that it was called too late, after an await (case J10)', async () => {
  const errors: unknown[] = []
  const Late = defineComponent(async () => {
    await Promise.resolve()
    useAuthToken()
    return () => h('p')
  })
  const app = createApp({ render: () => h(Suspense, () => h(Late)) })
  app.config.errorHandler = (error) => errors.push(error)
  app.use(createAuthToken({ manager: createFakeTokenManager() })).mount(document.createElement('div'))
  await vi.waitFor(() => expect(String(errors)).toMatch(/before the first await/))
  app.unmount()
})
