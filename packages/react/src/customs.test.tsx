// @vitest-environment jsdom
import { createFakeTokenManager, refreshing } from '@tokenkeep/testing'
import { StrictMode, useEffect, useState, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { expect, test, vi } from 'vitest'
import { act } from '../test/act.ts'
import { AuthTokenProvider, useAuthToken, type AuthToken, type TokenManager } from './index.ts'

// What apps do with the adapter, as docs/recipes/testing-components.md and docs/http.md say (case J11).

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })

const render = async (tree: ReactNode) => {
  const element = document.createElement('div')
  const root = createRoot(element)
  await act(async () => root.render(tree))
  return { element, root, unmount: () => act(async () => root.unmount()) }
}
const Status = () => useAuthToken(({ status }) => status)

test('a component that owns a manager creates it in an effect, also in StrictMode (case J11)', async () => {
  const created: ReturnType<typeof createFakeTokenManager>[] = []
  const Owner = () => {
    const [manager, setManager] = useState<TokenManager>()
    useEffect(() => {
      const own = createFakeTokenManager()
      created.push(own)
      // oxlint-disable-next-line react/set-state-in-effect -- A manager is an external system.
      setManager(own)
      return () => own.dispose()
    }, [])
    return manager && <AuthTokenProvider manager={manager}>{<Status />}</AuthTokenProvider>
  }
  const { element, unmount } = await render(
    <StrictMode>
      <Owner />
    </StrictMode>,
  )
  expect(element.textContent).toBe('valid')
  expect(await created.at(-1)!.getAuthToken()).toBe('fake.auth.token')
  await unmount()
  for (const manager of created)
    // oxlint-disable-next-line no-await-in-loop -- Two managers.
    await expect(manager.getAuthToken()).rejects.toMatchObject({ code: 'disposed' })
})

test('an inline `fetch` works, but changes the functions in each render (case J11)', async () => {
  const fake = createFakeTokenManager()
  const given: AuthToken[] = []
  const Reads = () => {
    given.push(useAuthToken())
    return given.at(-1)!.state.status
  }
  const tree = () => (
    <AuthTokenProvider manager={fake} fetch={(...args) => fetch(...args)}>
      <Reads />
    </AuthTokenProvider>
  )
  const { element, root, unmount } = await render(tree())
  await act(async () => root.render(tree()))
  expect(fake.subscriptions).toBe(1)
  expect(given.at(-1)!.fetch).not.toBe(given[0]!.fetch)
  await act(async () => fake.set(refreshing()))
  expect(element.textContent).toBe('refreshing')
  await unmount()
  expect(fake.subscriptions).toBe(0)
})

test('a spy on the manager is set before the provider is rendered, a spy on `fetch` at any time (case J11)', async () => {
  const fake = createFakeTokenManager()
  const signOut = vi.spyOn(fake, 'signOut')
  const given: AuthToken[] = []
  const Reads = () => {
    given.push(useAuthToken())
    return null
  }
  const { unmount } = await render(
    <AuthTokenProvider manager={fake}>
      <Reads />
    </AuthTokenProvider>,
  )
  const send = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response('mocked'))
  expect(await (await given[0]!.fetch('/api')).text()).toBe('mocked')
  await act(() => given[0]!.signOut())
  expect(signOut).toHaveBeenCalledOnce()
  send.mockRestore()
  await unmount()
  // What a component keeps after it is unmounted does not change any more; the manager knows the state.
  expect([given.at(-1)!.state.status, fake.get().status]).toEqual(['signed-out', 'signed-out'])
})
