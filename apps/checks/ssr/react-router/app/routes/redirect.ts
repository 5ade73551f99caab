import { handler } from '../handlers.server'

export const loader = handler('redirect')
