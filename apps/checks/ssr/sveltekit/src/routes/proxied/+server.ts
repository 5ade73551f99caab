import type { RequestHandler } from '@sveltejs/kit'
import { respond } from '../../../../app/routes'

export const GET: RequestHandler = ({ request }) => respond(request)
