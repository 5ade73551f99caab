import type { APIRoute } from 'astro'
import { handlers } from '../../app/routes'

export const route =
  (name: string): APIRoute =>
  ({ request, locals }) =>
    handlers[name]!(request, locals.session)
