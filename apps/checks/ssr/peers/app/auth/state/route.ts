import peer from '../../../chosen.ts'

export const POST = peer.withSession(({ status, userId }) => Response.json({ status, userId }))
