import { AuthTokenProvider, useAuthToken } from '@tokenkeep/react'
import type { Mount } from './mounted.ts'
import { show } from './react.tsx'
import { signedIn } from './tokenkeep.ts'

/** Uses `useAuthToken()`, which returns the whole state. The state changes when the token expires, when the refresh begins and when the new token arrives. */
export const mount: Mount = async (session, onRender, root) => {
  const manager = await signedIn(session)
  function Reader() {
    onRender()
    return useAuthToken().state.status === 'signed-out' ? null : <i />
  }
  show(root, Reader, (children) => <AuthTokenProvider manager={manager}>{children}</AuthTokenProvider>)
  return () => manager.getAuthToken()
}
