import { Suspense } from 'react'
import { auth } from '../../sessions.ts'

const Status = async () => <b>{(await auth()).state().status}</b>

// The build renders the shell once, for everybody. Each request renders what belongs to one user.
export default function Page() {
  return (
    <main>
      The same for everyone
      <Suspense>
        <Status />
      </Suspense>
    </main>
  )
}
