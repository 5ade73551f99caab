import { withAuth } from '../../sessions.ts'

export const POST = withAuth(async (request) => new Response(await request.text()))
