import peer from '../../chosen.ts'

export const POST = peer.withSession(async (_, request) => new Response(await request.text()))
