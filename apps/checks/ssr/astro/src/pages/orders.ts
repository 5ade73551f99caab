import { route } from '../route'

export const GET = route('orders')
