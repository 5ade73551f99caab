// @vitest-environment jsdom
import { createFakeTokenManager, fakeSession, valid } from '@tokenkeep/testing'
import {
  sessionWarningContract,
  type WarningHarness,
  type WarningView,
} from '@tokenkeep/testing/adapter-contract'
import { expect, test, vi } from 'vitest'
import { createApp, createSSRApp, defineComponent, effectScope, h, nextTick, version, type App } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { createAuthToken, useEndsIn, useSessionWarning, type TokenManager } from './index.ts'

const rootOf = (view: WarningView) => {
  const Warns = defineComponent(() => {
    const warning = useSessionWarning(view.seconds)
    return () => h('i', view.show(warning.value))
  })
  const Counts = defineComponent(() => {
    const seconds = useEndsIn()
    return () => h('i', seconds.value)
  })
  return defineComponent(() => () => [h(Warns), view.countdown ? h(Counts) : null])
}
const start = async (app: App, manager: TokenManager, element: Element) => {
  app.use(createAuthToken({ manager })).mount(element)
  await nextTick()
  return {
    element,
    update: async (work: () => Promise<unknown>) => {
      await work()
      await nextTick()
    },
    unmount: async () => app.unmount(),
  }
}

const harness: WarningHarness = {
  mount: (manager, view) => start(createApp(rootOf(view)), manager, document.createElement('div')),
  renderOnServer: (manager, view) =>
    renderToString(createSSRApp(rootOf(view)).use(createAuthToken({ manager }))),
  async hydrate(manager, view, html) {
    const element = document.createElement('div')
    element.innerHTML = html
    const warned = vi.spyOn(console, 'warn')
    const failed = vi.spyOn(console, 'error')
    const mounted = await start(createSSRApp(rootOf(view)), manager, element)
    expect(warned).not.toHaveBeenCalled()
    expect(failed).not.toHaveBeenCalled()
    return mounted
  },
}

sessionWarningContract(`Vue ${version}`, harness)

test('works in an effect scope outside components, until the scope is stopped', () => {
  const fake = createFakeTokenManager({
    state: valid('a.b.c', { ...fakeSession, absoluteExpiresAt: Date.now() + 30_000 }),
  })
  const app = createApp({}).use(createAuthToken({ manager: fake }))
  const scope = effectScope()
  const warning = scope.run(() => app.runWithContext(() => useSessionWarning(60)))!
  expect(warning.value).toMatchObject({ canStay: false })
  scope.stop()
  expect(fake.subscriptions).toBe(0)
})
