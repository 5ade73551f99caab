import type { APIRoute } from 'astro'
import { respond } from '../../../../app/routes'

export const ALL: APIRoute = ({ request }) => respond(request)
