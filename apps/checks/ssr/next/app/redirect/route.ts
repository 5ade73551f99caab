import { handlers } from '../../../app/routes.ts'
import { withAuth } from '../../sessions.ts'

export const GET = withAuth(handlers['redirect']!)
