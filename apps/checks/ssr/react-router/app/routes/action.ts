import { handler } from '../handlers.server'

export const action = handler('action')
