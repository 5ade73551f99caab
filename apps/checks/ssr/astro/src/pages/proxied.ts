import type { APIRoute } from 'astro'
import { respond } from '../../../app/routes'

export const GET: APIRoute = ({ request }) => respond(request)
