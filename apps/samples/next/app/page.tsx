import { askApi } from '@tokenkeep/sample/server'
import { auth } from '../sessions'
import { Sample } from './sample'
import { Session } from './session'

// A server component. It knows who is signed in, and calls the API with the token of the request's session.
export default async function Page() {
  const session = await auth()
  const answer = await askApi(session)
  return (
    <Session snapshot={session.snapshot()}>
      <Sample answer={answer} />
    </Session>
  )
}
