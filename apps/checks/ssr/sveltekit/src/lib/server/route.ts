import type { RequestHandler } from '@sveltejs/kit'
import { handlers } from '../../../../app/routes'

export const route =
  (name: string): RequestHandler =>
  ({ request, locals }) =>
    handlers[name]!(request, locals.session)
