import { createAuthToken, useAuthToken } from '@tokenkeep/vue'
import { createApp, defineComponent, h } from 'vue'
import { components, type Mount } from './mounted.ts'
import { signedIn } from './tokenkeep.ts'

export const mount: Mount = async (session, onRender, root) => {
  const manager = await signedIn(session)
  const Reader = defineComponent(() => {
    const isSignedIn = useAuthToken((state) => state.status !== 'signed-out')
    return () => {
      onRender()
      return isSignedIn.value ? h('i') : null
    }
  })
  const app = createApp(() => Array.from({ length: components }, () => h(Reader)))
  app.use(createAuthToken({ manager })).mount(root)
  return () => manager.getAuthToken()
}
