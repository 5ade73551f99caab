// @vitest-environment jsdom
import { initialState, type AuthState } from '@tokenkeep/core'
import { act, cleanup, render, renderHook } from '@testing-library/react'
import { StrictMode, useLayoutEffect, type ReactNode } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, expect, test, vi } from 'vitest'
import { fakeManager, refreshing, valid } from './fake-manager.ts'
import { AuthTokenProvider, useAuthToken } from './index.ts'

afterEach(cleanup)

const within = (manager: ReturnType<typeof fakeManager>['manager']) => {
  return ({ children }: { children: ReactNode }) => (
    <AuthTokenProvider manager={manager}>{children}</AuthTokenProvider>
  )
}
const signedIn = (state: AuthState) => 'session' in state
const Status = () => <p>{useAuthToken((state) => state.status)}</p>

test('outside a provider, the error says what is missing', () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  expect(() => renderHook(() => useAuthToken())).toThrow(/AuthTokenProvider/)
})

test("StrictMode's mount, unmount, mount leaves one subscription; unmounting leaves none", () => {
  const fake = fakeManager()
  const tree = (
    <StrictMode>
      <AuthTokenProvider manager={fake.manager}>
        <Status />
      </AuthTokenProvider>
    </StrictMode>
  )
  const first = render(tree)
  expect(fake.subscriptions()).toBe(1)
  first.unmount()
  expect(fake.subscriptions()).toBe(0)
  const second = render(tree)
  expect(fake.subscriptions()).toBe(1)
  second.unmount()
  expect(fake.subscriptions()).toBe(0)
})

test('a silent refresh renders none of 1,000 components that ask only whether someone is signed in', () => {
  const fake = fakeManager(valid())
  let renders = 0
  const Asks = () => {
    renders++
    return useAuthToken(signedIn) ? 'in' : 'out'
  }
  render(
    <AuthTokenProvider manager={fake.manager}>
      {Array.from({ length: 1_000 }, (_, index) => (
        <Asks key={index} />
      ))}
    </AuthTokenProvider>,
  )
  expect(renders).toBe(1_000)
  act(() => fake.set(refreshing()))
  act(() => fake.set(valid('d.e.f')))
  expect(renders).toBe(1_000)
  act(() => fake.set({ status: 'signed-out', reason: 'revoked' }))
  expect(renders).toBe(2_000)
})

test('a selector may build a new object each time', () => {
  const fake = fakeManager(valid())
  const { result } = renderHook(() => useAuthToken((state) => ({ status: state.status })), {
    wrapper: within(fake.manager),
  })
  act(() => fake.set(refreshing()))
  expect(result.current).toEqual({ status: 'refreshing' })
})

test('the functions stay the same while the state changes', () => {
  const fake = fakeManager(valid())
  const { result } = renderHook(() => useAuthToken(), { wrapper: within(fake.manager) })
  const { state: before, ...stable } = result.current
  act(() => fake.set(refreshing()))
  const { state: after, ...later } = result.current
  expect(after).not.toBe(before)
  for (const name of ['manager', 'getAuthToken', 'signIn', 'signOut'] as const) {
    expect(later[name]).toBe(stable[name])
  }
})

test('the server renders what the browser hydrates first, and the real state follows', async () => {
  const fake = fakeManager(valid())
  const seen: string[] = []
  const Page = () => {
    const status = useAuthToken((state) => `${state.status} ${signedIn(state)}`)
    seen.push(status)
    return <p>{status}</p>
  }
  const tree = (
    <AuthTokenProvider manager={fake.manager}>
      <Page />
    </AuthTokenProvider>
  )
  const container = document.createElement('div')
  container.innerHTML = renderToString(tree)
  expect(container.textContent).toBe(`${initialState.status} false`)

  seen.length = 0
  const onRecoverableError = vi.fn()
  const root = await act(async () => hydrateRoot(container, tree, { onRecoverableError }))
  expect(seen[0]).toBe(`${initialState.status} false`)
  expect(container.textContent).toBe('valid true')
  expect(onRecoverableError).not.toHaveBeenCalled()
  act(() => root.unmount())
})

test('a change between the first render and the subscription is not lost', () => {
  const fake = fakeManager(valid())
  const Changes = () => {
    // Layout effects of a child run before React subscribes.
    useLayoutEffect(() => fake.set({ status: 'signed-out', reason: 'signed-out' }), [])
    return null
  }
  const { container } = render(
    <AuthTokenProvider manager={fake.manager}>
      <Changes />
      <Status />
      <Status />
    </AuthTokenProvider>,
  )
  expect(container.textContent).toBe('signed-outsigned-out')
})
