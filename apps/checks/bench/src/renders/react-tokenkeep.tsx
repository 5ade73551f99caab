import { AuthTokenProvider, useAuthToken } from '@tokenkeep/react'
import type { Mount } from './mounted.ts'
import { show } from './react.tsx'
import { signedIn } from './tokenkeep.ts'

/** Uses `useAuthToken(selector)`, which the documentation recommends for a component that needs a part of the state. */
export const mount: Mount = async (session, onRender, root) => {
  const manager = await signedIn(session)
  function Reader() {
    onRender()
    return useAuthToken((state) => state.status !== 'signed-out') ? <i /> : null
  }
  show(root, Reader, (children) => <AuthTokenProvider manager={manager}>{children}</AuthTokenProvider>)
  return () => manager.getAuthToken()
}
