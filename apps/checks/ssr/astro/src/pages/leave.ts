import { route } from '../route'

export const POST = route('leave')
