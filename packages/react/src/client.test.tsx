// @vitest-environment jsdom
import { createFakeTokenManager, refreshing } from '@tokenkeep/testing'
import { adapterContract, type Harness, type View } from '@tokenkeep/testing/adapter-contract'
import { Component, StrictMode, useInsertionEffect, version, type ReactNode } from 'react'
import { createRoot, hydrateRoot, type Root } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { expect, test, vi } from 'vitest'
import { act } from '../test/act.ts'
import { AuthTokenProvider, useAuthToken, type AuthToken, type TokenManager } from './index.ts'

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })
// React 18 reports an error to the window before the error reaches an error boundary, and jsdom would print it.
addEventListener('error', (event) => event.preventDefault())

class ErrorBoundary extends Component<{ onError: (error: unknown) => void; children: ReactNode }> {
  override state = { failed: false }
  static getDerivedStateFromError = () => ({ failed: true })
  override componentDidCatch(error: unknown) {
    this.props.onError(error)
  }
  override render() {
    return this.state.failed ? null : this.props.children
  }
}

const Shows = ({ view }: { view: View }) => {
  view.onRender()
  return useAuthToken(view.select)
}
const Acts = ({ view }: { view: View }) => {
  view.onActions(useAuthToken())
  return null
}
const ChangesEarly = ({ view }: { view: View }) => {
  useInsertionEffect(view.onFirstEffect, [])
  return null
}
const rootOf = (manager: TokenManager, view: View) => (
  <AuthTokenProvider manager={manager}>
    <ErrorBoundary onError={view.onError}>
      {Array.from({ length: view.count }, (_, index) => (
        <Shows key={index} view={view} />
      ))}
      <Acts view={view} />
      <ChangesEarly view={view} />
    </ErrorBoundary>
  </AuthTokenProvider>
)
const mounted = (element: Element, root: Root) => ({
  element,
  update: (change: () => void) => act(async () => void change()),
  unmount: () => act(async () => root.unmount()),
})

const harness: Harness = {
  async mount(manager, view) {
    const element = document.createElement('div')
    const root = createRoot(element)
    await act(async () => root.render(rootOf(manager, view)))
    return mounted(element, root)
  },
  renderOnServer: async (manager, view) => renderToString(rootOf(manager, view)),
  async hydrate(manager, view, html) {
    const element = document.createElement('div')
    element.innerHTML = html
    const mismatches: unknown[] = []
    const onRecoverableError = (error: unknown) => mismatches.push(error)
    const root = await act(async () => hydrateRoot(element, rootOf(manager, view), { onRecoverableError }))
    if (mismatches.length > 0) throw mismatches[0]
    return mounted(element, root)
  },
  useWithoutProvider: () => renderToString(<Acts view={{ onActions: () => undefined } as unknown as View} />),
}

adapterContract(`React ${version}`, harness)

/** Renders one component below a provider. */
const render = async (manager: TokenManager, Content: () => ReactNode, { strict = false } = {}) => {
  const element = document.createElement('div')
  const root = createRoot(element)
  const tree = (
    <AuthTokenProvider manager={manager}>
      <Content />
    </AuthTokenProvider>
  )
  await act(async () => root.render(strict ? <StrictMode>{tree}</StrictMode> : tree))
  return mounted(element, root)
}

test('subscribes once in StrictMode, which mounts twice, and not at all after unmounting', async () => {
  const fake = createFakeTokenManager()
  const Status = () => useAuthToken((state) => state.status)
  const first = await render(fake, Status, { strict: true })
  expect(fake.subscriptions).toBe(1)
  await first.unmount()
  expect(fake.subscriptions).toBe(0)
  const second = await render(fake, Status, { strict: true })
  expect(fake.subscriptions).toBe(1)
  await second.update(() => fake.set(refreshing()))
  expect(second.element.textContent).toBe('refreshing')
  await second.unmount()
  expect(fake.subscriptions).toBe(0)
})

test('accepts a selector that builds a new object each time', async () => {
  const fake = createFakeTokenManager()
  const Built = () => useAuthToken((state) => ({ text: state.status })).text
  const { element, update, unmount } = await render(fake, Built)
  await update(() => fake.set(refreshing()))
  expect(element.textContent).toBe('refreshing')
  await unmount()
})

test("sends the token to the page's own origin by default, and uses the provider's fetch if it has one", async () => {
  const fake = createFakeTokenManager()
  const send = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response())
  const given = vi.fn<(auth: AuthToken) => null>(() => null)
  const Reads = () => given(useAuthToken())
  const { unmount } = await render(fake, Reads)
  await given.mock.lastCall![0].fetch(`${location.origin}/api`)
  await given.mock.lastCall![0].fetch('https://elsewhere.example/')
  const tokens = send.mock.calls.map(([request]) => (request as Request).headers.get('authorization'))
  expect(tokens).toEqual(['Bearer fake.auth.token', null])
  await unmount()
  send.mockRestore()

  const own = vi.fn<typeof fetch>()
  const element = document.createElement('div')
  const root = createRoot(element)
  const tree = (
    <AuthTokenProvider manager={fake} fetch={own}>
      <Reads />
    </AuthTokenProvider>
  )
  await act(async () => root.render(tree))
  expect(given.mock.lastCall![0].fetch).toBe(own)
  await act(async () => root.unmount())
})
