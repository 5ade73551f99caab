import type { RequestHandler } from '@sveltejs/kit'
import { respond } from '../../../../../app/routes'

export const fallback: RequestHandler = ({ request }) => respond(request)
