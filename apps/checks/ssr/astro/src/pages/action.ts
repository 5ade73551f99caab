import { route } from '../route'

export const ALL = route('action')
