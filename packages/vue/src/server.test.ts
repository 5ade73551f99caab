import { createFakeTokenManager, initial, signedOut } from '@tokenkeep/testing'
import { expect, test } from 'vitest'
import { createSSRApp, defineComponent, h } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { authTokenGuard, createAuthToken, createTokenManager, sessionServer, useAuthToken } from './index.ts'

// Runs in Node without a DOM, as Nuxt does.

const Page = defineComponent(() => {
  const { state } = useAuthToken()
  return () => h('p', state.value.status)
})

test('a server renders the first state, and leaves no subscription', async () => {
  const manager = createTokenManager({
    transport: sessionServer({ url: 'https://auth.example.com', appId: 'app' }),
  })
  const html = await renderToString(createSSRApp(Page).use(createAuthToken({ manager })))
  expect(html).toBe('<p>refreshing</p>')

  const fake = createFakeTokenManager({ state: signedOut() })
  await renderToString(createSSRApp(Page).use(createAuthToken({ manager: fake })))
  expect(fake.subscriptions).toBe(0)
})

test('the guard admits everyone on a server', async () => {
  const fake = createFakeTokenManager({ state: initial })
  const guard = authTokenGuard(fake, () => '/sign-in')
  expect(await guard({ fullPath: '/orders' })).toBe(true)
})
