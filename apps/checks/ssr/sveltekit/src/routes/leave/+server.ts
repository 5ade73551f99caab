import { route } from '../../lib/server/route'

export const POST = route('leave')
