import { sessions } from '../../../sessions'

// The browser half asks here for tokens, and signs out.
export const POST = sessions.handler
