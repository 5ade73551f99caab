import { Outlet, useLoaderData, type LoaderFunctionArgs } from 'react-router'
import { Session } from '../auth'
import { sessionContext } from '../session.server'

/** The layout of the pages that show who is signed in. */
export const loader = ({ context }: LoaderFunctionArgs) => context.get(sessionContext).snapshot()

export default function SessionLayout() {
  return (
    <Session snapshot={useLoaderData<typeof loader>()}>
      <Outlet />
    </Session>
  )
}
