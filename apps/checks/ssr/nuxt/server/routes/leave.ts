import { handlers } from '../../../app/routes'

export default defineEventHandler((event) => handlers['leave']!(toWebRequest(event), event.context.session))
