import { createFileRoute, Outlet } from '@tanstack/react-router'
import { Session } from '../auth'
import { getSnapshot } from '../session'

/** The layout of the pages that show who is signed in. */
export const Route = createFileRoute('/_session')({
  loader: () => getSnapshot(),
  component: SessionLayout,
})

function SessionLayout() {
  return (
    <Session snapshot={Route.useLoaderData()}>
      <Outlet />
    </Session>
  )
}
