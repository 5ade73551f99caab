import peer from '../../chosen.ts'

export const GET = peer.withSession(({ token }) => new Response(null, { status: token ? 200 : 503 }))
