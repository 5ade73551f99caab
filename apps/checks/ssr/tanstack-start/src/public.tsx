import { useAuthToken } from '@tokenkeep/react'
import { Session } from './auth'

const Status = () => <main>{useAuthToken().state.status}</main>

/** A page without a session: the browser asks for its own. */
export const Public = () => (
  <Session>
    <Status />
  </Session>
)
