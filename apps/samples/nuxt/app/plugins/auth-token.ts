import { createAuthToken, createTokenManager, sessionServer } from '@tokenkeep/vue'

export default defineNuxtPlugin(({ vueApp }) => {
  const { tokenkeepUrl } = useRuntimeConfig().public
  // One for the page's whole life; one for each request on the server, where it reads nothing and starts nothing.
  const auth = createTokenManager({ transport: sessionServer({ url: tokenkeepUrl, appId: 'demo' }) })
  vueApp.use(createAuthToken({ manager: auth }))
  return { provide: { auth } }
})
