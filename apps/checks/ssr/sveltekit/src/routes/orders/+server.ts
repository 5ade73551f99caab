import { route } from '../../lib/server/route'

export const GET = route('orders')
