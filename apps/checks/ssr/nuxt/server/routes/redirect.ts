import { handlers } from '../../../app/routes'

export default defineEventHandler((event) =>
  handlers['redirect']!(toWebRequest(event), event.context.session),
)
