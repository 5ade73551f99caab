import { createAuthToken, createTokenManager, sessionServer } from '@tokenkeep/vue'

export default defineNuxtPlugin(({ vueApp }) => {
  const { tokenkeepUrl } = useRuntimeConfig().public
  // In the browser: one manager for the whole life of the page. On the server: one for each request, which reads no storage and starts no timer.
  const auth = createTokenManager({ transport: sessionServer({ url: tokenkeepUrl, appId: 'demo' }) })
  vueApp.use(createAuthToken({ manager: auth }))
  return { provide: { auth } }
})
