import type { APIRoute } from 'astro'
import { sessions } from '../../sessions'

/** Answers the browser half. */
export const ALL: APIRoute = ({ request }) => sessions.handler(request)
