// @vitest-environment jsdom
import {
  createFakeTokenManager,
  expired,
  fakeSession,
  initial,
  refreshing,
  signedOut,
  valid,
} from '@tokenkeep/testing'
import { StrictMode, Suspense, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { expect, test, vi } from 'vitest'
import { act } from '../test/act.ts'
import {
  AuthTokenProvider,
  createTokenManager,
  memoryStore,
  RequireAuth,
  useAuthToken,
  useSuspenseAuthToken,
  type AuthState,
  type TokenManager,
} from './index.ts'

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })

const mount = async (state: AuthState, children: ReactNode) => {
  const fake = createFakeTokenManager({ state })
  const element = document.createElement('div')
  const root = createRoot(element)
  await act(async () => root.render(<AuthTokenProvider manager={fake}>{children}</AuthTokenProvider>))
  return {
    fake,
    text: () => element.textContent,
    become: (next: AuthState) => act(async () => fake.set(next)),
    unmount: () => act(async () => root.unmount()),
  }
}

test('RequireAuth renders its children while a user is signed in', async () => {
  const { text, become, unmount } = await mount(
    initial,
    <RequireAuth pending="one moment" fallback="please sign in">
      the orders
    </RequireAuth>,
  )
  expect(text()).toBe('one moment')
  for (const state of [refreshing(), valid(), refreshing('a.b.c'), expired()]) {
    // oxlint-disable-next-line no-await-in-loop -- The states follow each other.
    await become(state)
    expect(text()).toBe('the orders')
  }
  await become(expired(undefined, { ...fakeSession, renewable: false }))
  expect(text()).toBe('please sign in')
  await become(valid())
  expect(text()).toBe('the orders')
  await become(signedOut('revoked'))
  expect(text()).toBe('please sign in')
  await unmount()
})

const Who = () => {
  const { state } = useSuspenseAuthToken()
  return state.status === 'signed-out' ? 'nobody' : state.session.userId
}
const page = (
  <Suspense fallback="one moment">
    <Who />
  </Suspense>
)

test('useSuspenseAuthToken suspends until the storage has been read', async () => {
  const { fake, text, become, unmount } = await mount(initial, page)
  expect(text()).toBe('one moment')
  await become(refreshing())
  expect(text()).toBe('user-1')
  await become(signedOut())
  expect(text()).toBe('nobody')
  await unmount()
  expect(fake.subscriptions).toBe(0)
})

test('a server sends the fallback of Suspense, and what RequireAuth renders while pending', () => {
  const fake = createFakeTokenManager()
  const guarded = (
    <RequireAuth pending="not yet known" fallback="please sign in">
      the orders
    </RequireAuth>
  )
  const send = (content: ReactNode) =>
    renderToString(<AuthTokenProvider manager={fake}>{content}</AuthTokenProvider>)
  expect(send(guarded)).toBe('not yet known')
  expect(send(page)).toContain('one moment')
})

test('components that suspend share one promise, and leave nothing when they unmount (case J8)', async () => {
  const { fake, text, become, unmount } = await mount(
    initial,
    Array.from({ length: 100 }, (_, key) => (
      <Suspense key={key} fallback=".">
        <Who />
      </Suspense>
    )),
  )
  for (const state of [initial, { ...initial }, { ...initial }])
    // oxlint-disable-next-line no-await-in-loop -- One render after the other.
    await become(state)
  // One of the provider's components, and one that all share.
  expect(fake.subscriptions).toBeLessThanOrEqual(2)
  expect(text()).toBe('.'.repeat(100))
  await unmount()
  expect(fake.subscriptions).toBe(0)
})

test('a component that suspends below one provider goes on if another provider unmounts (case J8)', async () => {
  const one = await mount(initial, page)
  const element = document.createElement('div')
  const root = createRoot(element)
  await act(async () => root.render(<AuthTokenProvider manager={one.fake}>{page}</AuthTokenProvider>))
  await one.unmount()
  expect(element.textContent).toBe('one moment')
  await act(async () => one.fake.set(valid()))
  expect(element.textContent).toBe('user-1')
  await act(async () => root.unmount())
  expect(one.fake.subscriptions).toBe(0)
})

test('in StrictMode, a component that suspends goes on once the storage has been read (case J8)', async () => {
  const fake = createFakeTokenManager({ state: initial })
  const element = document.createElement('div')
  const root = createRoot(element)
  const tree = (
    <StrictMode>
      <AuthTokenProvider manager={fake}>{page}</AuthTokenProvider>
    </StrictMode>
  )
  await act(async () => root.render(tree))
  expect(element.textContent).toBe('one moment')
  await act(async () => fake.set(valid()))
  expect(element.textContent).toBe('user-1')
  await act(async () => root.unmount())
  expect(fake.subscriptions).toBe(0)
})

test('suspends and goes on if the provider itself is below Suspense (microsoft-authentication-library-for-js#4054)', async () => {
  const fake = createFakeTokenManager({ state: initial })
  const element = document.createElement('div')
  const root = createRoot(element)
  const tree = (
    <Suspense fallback="one moment">
      <AuthTokenProvider manager={fake}>
        <Who />
      </AuthTokenProvider>
    </Suspense>
  )
  await act(async () => root.render(tree))
  expect(element.textContent).toBe('one moment')
  await act(async () => fake.set(valid()))
  expect(element.textContent).toBe('user-1')
  await act(async () => root.unmount())
  expect(fake.subscriptions).toBe(0)
})

test('a token that is asked for in a render updates no component in that render (microsoft-authentication-library-for-js#5796)', async () => {
  const manager = createTokenManager<string>({
    storage: memoryStore(),
    transport: {
      key: 'in a render',
      parseTokenResponse: (token) => ({ token, lifetime: 60_000, refreshToken: 'rt', session: fakeSession }),
      refresh: () => new Promise(() => undefined),
      revoke: async () => undefined,
    },
  })
  await manager.signIn('a.token')
  const consoleError = vi.spyOn(console, 'error')
  const Asks = () => {
    const { state, getAuthToken } = useAuthToken()
    if (state.status === 'valid') getAuthToken({ minValidSeconds: 3600 }).catch(() => undefined)
    return state.status
  }
  const element = document.createElement('div')
  const root = createRoot(element)
  const tree = (
    <AuthTokenProvider manager={manager as TokenManager}>
      <Asks />
      <Asks />
    </AuthTokenProvider>
  )
  await act(async () => root.render(tree))
  expect(element.textContent).toBe('refreshing'.repeat(2))
  expect(consoleError).not.toHaveBeenCalled()
  await act(async () => root.unmount())
  manager.dispose()
})
