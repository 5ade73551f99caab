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
import type { ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { expect, test } from 'vitest'
import { act } from '../test/act.ts'
import { AuthTokenProvider, RequireRole, useClaims, type AuthState, type SessionClaims } from './index.ts'

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })

const withClaims = (claims?: SessionClaims) => ({ ...fakeSession, claims })

const mount = async (state: AuthState, children: ReactNode) => {
  const fake = createFakeTokenManager({ state })
  const element = document.createElement('div')
  const root = createRoot(element)
  await act(async () => root.render(<AuthTokenProvider manager={fake}>{children}</AuthTokenProvider>))
  return {
    text: () => element.textContent,
    become: (next: AuthState) => act(async () => fake.set(next)),
    unmount: () => act(async () => root.unmount()),
  }
}

test('useClaims renders again only if a claim changes', async () => {
  const seen: (SessionClaims | undefined)[] = []
  const Shows = () => {
    seen.push(useClaims())
    return null
  }
  const { become, unmount } = await mount(initial, <Shows />)
  const ada = { sub: 'ada', roles: ['admin'] }
  for (const state of [
    valid('a', withClaims({ ...ada })),
    refreshing('a', withClaims({ ...ada })),
    valid('b', withClaims({ sub: 'ada', roles: ['admin'] })),
    valid('c', withClaims({ sub: 'ada', roles: [] })),
    valid('d', withClaims()),
    signedOut(),
  ])
    // oxlint-disable-next-line no-await-in-loop -- The states follow each other.
    await become(state)
  expect(seen).toEqual([undefined, ada, { sub: 'ada', roles: [] }, undefined])
  await unmount()
})

test('RequireRole renders its children for users with the role only', async () => {
  let renders = 0
  const Page = () => {
    renders += 1
    return 'the prices'
  }
  const page = <Page />
  const { text, become, unmount } = await mount(
    initial,
    <RequireRole
      pending="one moment"
      fallback="please sign in"
      forbidden="ask an administrator"
      allow={({ claims }) => [claims?.['roles']].flat().includes('admin')}
    >
      {page}
    </RequireRole>,
  )
  expect(text()).toBe('one moment')
  const admin = withClaims({ roles: ['admin'] })
  for (const [state, shown] of [
    [valid('a', admin), 'the prices'],
    [refreshing('a', withClaims({ roles: ['admin'] })), 'the prices'],
    [expired(undefined, admin), 'the prices'],
    [valid('b', withClaims({ roles: ['clerk'] })), 'ask an administrator'],
    [valid('b', withClaims()), 'ask an administrator'],
    [valid('c', admin), 'the prices'],
    [expired(undefined, { ...admin, renewable: false }), 'please sign in'],
    [signedOut('revoked'), 'please sign in'],
  ] as const) {
    // oxlint-disable-next-line no-await-in-loop -- The states follow each other.
    await become(state)
    expect(text()).toBe(shown)
  }
  // Once for each time that it came.
  expect(renders).toBe(2)
  await unmount()
})
