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
import { Suspense, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { act } from '../test/act.ts'
import { AuthTokenProvider, RequireAuth, useSuspenseAuthToken, type AuthState } from './index.ts'

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
