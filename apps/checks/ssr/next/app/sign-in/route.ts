import type { AuthResult } from '@tokenkeep/protocol'
import { sessions } from '../../../app/sessions.ts'
import { withAuth } from '../../sessions.ts'

export const POST = withAuth(async (request, session) => {
  if (!sessions.isSameOrigin(request)) return new Response(null, { status: 403 })
  await session.signIn((await request.json()) as AuthResult)
  return new Response()
})
