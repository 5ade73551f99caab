// @vitest-environment jsdom
import { AuthTokenProvider, useAuthToken } from '@tokenkeep/react'
import { createFakeTokenManager, signedOut } from '@tokenkeep/testing'
import { act } from 'react'
import { createRoot } from 'react-dom/client'
import { expect, test } from 'vitest'

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })

const Greeting = () => {
  const { state, signOut } = useAuthToken()
  if (state.status === 'signed-out') return 'Please sign in'
  return (
    <button type="button" onClick={() => void signOut()}>
      Sign out
    </button>
  )
}

test('the greeting asks a signed-out person to sign in', async () => {
  const auth = createFakeTokenManager()
  const element = document.createElement('div')
  const root = createRoot(element)
  await act(async () =>
    root.render(
      <AuthTokenProvider manager={auth}>
        <Greeting />
      </AuthTokenProvider>,
    ),
  )
  await act(async () => element.querySelector('button')!.click())
  expect(auth.get()).toEqual(signedOut('signed-out'))
  expect(element.textContent).toBe('Please sign in')
  await act(async () => root.unmount())
})
