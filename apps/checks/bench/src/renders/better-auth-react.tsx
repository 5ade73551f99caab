import { createAuthClient } from 'better-auth/react'
import type { Mount } from './mounted.ts'
import { show } from './react.tsx'

/** Uses `useSession()`. Its refresh requests the session again. */
export const mount: Mount = async (session, onRender, root) => {
  const client = createAuthClient({ baseURL: location.origin })
  await client.signIn.email({ email: 'ada@example.com', password: JSON.stringify(session) })
  let refresh = (): Promise<unknown> => Promise.resolve()
  function Reader() {
    onRender()
    const { data, refetch } = client.useSession()
    refresh = async () => refetch()
    return data ? <i /> : null
  }
  show(root, Reader, (children) => children)
  return () => refresh()
}
