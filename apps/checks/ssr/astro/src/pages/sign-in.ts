import { route } from '../route'

export const POST = route('sign-in')
