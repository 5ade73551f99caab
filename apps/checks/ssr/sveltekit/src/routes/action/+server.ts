import { route } from '../../lib/server/route'

export const POST = route('action')
export const OPTIONS = route('action')
