import { handlers } from '../../../app/routes.ts'
import { withAuth } from '../../sessions.ts'

const action = withAuth(handlers['action']!)

export { action as OPTIONS, action as POST }
