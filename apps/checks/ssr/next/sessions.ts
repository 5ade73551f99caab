import { nextSessions } from '@tokenkeep/ssr/next'
import { sessions } from '../app/sessions.ts'

export const { proxy, auth, withAuth } = nextSessions(sessions)
