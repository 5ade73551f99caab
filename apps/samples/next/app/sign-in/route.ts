import { answerSignIn } from '@tokenkeep/sample/server'
import { sessions, withAuth } from '../../sessions'

// The app's own sign-in. The response carries the cookies of the new session.
export const POST = withAuth(async (request, session) => {
  if (!sessions.isSameOrigin(request)) return new Response(null, { status: 403 })
  return answerSignIn(request, session)
})
