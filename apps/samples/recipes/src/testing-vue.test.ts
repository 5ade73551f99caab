// @vitest-environment jsdom
import { createFakeTokenManager, signedOut } from '@tokenkeep/testing'
import { createAuthToken, useAuthToken } from '@tokenkeep/vue'
import { expect, test } from 'vitest'
import { createApp, defineComponent, h } from 'vue'

const Greeting = defineComponent(() => {
  const { state, signOut } = useAuthToken()
  return () =>
    state.value.status === 'signed-out' ? 'Please sign in' : h('button', { onClick: signOut }, 'Sign out')
})

test('the greeting asks a signed-out person to sign in', async () => {
  const auth = createFakeTokenManager()
  const element = document.createElement('div')
  const app = createApp(Greeting).use(createAuthToken({ manager: auth }))
  app.mount(element)
  element.querySelector('button')!.click()
  await expect.poll(() => element.textContent).toBe('Please sign in')
  expect(auth.get()).toEqual(signedOut('signed-out'))
  app.unmount()
})
