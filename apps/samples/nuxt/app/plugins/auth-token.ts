import { createAuthToken, createTokenManager, sessionServer } from '@tokenkeep/vue'

export default defineNuxtPlugin(({ vueApp }) => {
  const { tokenkeepUrl } = useRuntimeConfig().public
  // In the browser, the page has one manager for its whole life. On the server, each request has a manager, which reads no storage and starts no timer.
  const auth = createTokenManager({ transport: sessionServer({ url: tokenkeepUrl, appId: 'demo' }) })
  vueApp.use(createAuthToken({ manager: auth }))
  return { provide: { auth } }
})
