import type { AuthResult } from '@tokenkeep/protocol'
import peer from '../../chosen.ts'

export async function POST(request: Request): Promise<Response> {
  const cookie = await peer.signIn((await request.json()) as AuthResult)
  return new Response(null, { headers: { 'set-cookie': cookie } })
}
