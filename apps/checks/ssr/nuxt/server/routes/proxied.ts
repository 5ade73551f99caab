import { respond } from '../../../app/routes'

export default defineEventHandler((event) => respond(toWebRequest(event)))
