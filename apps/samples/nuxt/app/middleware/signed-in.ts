import { authTokenGuard } from '@tokenkeep/vue'

// Guards pages with `definePageMeta({ middleware: 'signed-in' })`. On the server everyone passes, because the rendered page has no user data.
export default defineNuxtRouteMiddleware(async (to) => {
  const guard = authTokenGuard(useNuxtApp().$auth, ({ fullPath }) => ({
    path: '/',
    query: { next: fullPath },
  }))
  const entry = await guard(to)
  if (entry !== true) return navigateTo(entry)
})
