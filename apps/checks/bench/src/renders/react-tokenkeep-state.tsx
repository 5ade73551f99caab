import { AuthTokenProvider, useAuthToken } from '@tokenkeep/react'
import type { Mount } from './mounted.ts'
import { show } from './react.tsx'
import { signedIn } from './tokenkeep.ts'

/** `useAuthToken()`: the whole state, which changes at the expiry, at the start of a refresh and at its end. */
export const mount: Mount = async (session, onRender, root) => {
  const manager = await signedIn(session)
  function Reader() {
    onRender()
    return useAuthToken().state.status === 'signed-out' ? null : <i />
  }
  show(root, Reader, (children) => <AuthTokenProvider manager={manager}>{children}</AuthTokenProvider>)
  return () => manager.getAuthToken()
}
