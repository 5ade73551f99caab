import { answerSignIn } from '@tokenkeep/sample/server'
import { sessions } from '../sessions'

// The app's own sign-in. The response carries the cookies of the new session.
export default defineEventHandler((event) => {
  if (!sessions.isSameOrigin(event)) throw createError({ statusCode: 403 })
  return answerSignIn(toWebRequest(event), event.context.session)
})
