import { tokenOrCode } from '../../../app/rendered.ts'
import { withAuth } from '../../sessions.ts'

export const GET = withAuth(async (_, session) => new Response(await tokenOrCode(session)))
