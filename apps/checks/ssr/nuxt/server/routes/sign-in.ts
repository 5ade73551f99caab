import { handlers } from '../../../app/routes'

export default defineEventHandler((event) => handlers['sign-in']!(toWebRequest(event), event.context.session))
