import { createJournal, startApiCalls } from '@tokenkeep/sample'
import { pageKey } from '@tokenkeep/vue-sample'

// What the parts of the Vue sample need. The module of `@tokenkeep/ssr` has created the manager.
export default defineNuxtPlugin(({ vueApp, $tokenkeep }) => {
  vueApp.provide(pageKey, { calls: startApiCalls($tokenkeep), journal: createJournal($tokenkeep) })
})
