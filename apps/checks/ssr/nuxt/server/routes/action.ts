import { handlers } from '../../../app/routes'

export default defineEventHandler((event) => handlers['action']!(toWebRequest(event), event.context.session))
