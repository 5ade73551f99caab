import { handlers } from '../../../app/routes'

export default defineEventHandler((event) => handlers['orders']!(toWebRequest(event), event.context.session))
