import { authTokenGuard } from '@tokenkeep/vue'

// `definePageMeta({ middleware: 'signed-in' })`. A server lets everyone pass: its page shows nothing of anybody.
export default defineNuxtRouteMiddleware(async (to) => {
  const guard = authTokenGuard(useNuxtApp().$auth, ({ fullPath }) => ({
    path: '/',
    query: { next: fullPath },
  }))
  const entry = await guard(to)
  if (entry !== true) return navigateTo(entry)
})
