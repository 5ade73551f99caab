import type { ServerLoad } from '@sveltejs/kit'
import { COMPONENTS, tokenOrCode } from '../../../../app/rendered'
import { whileRendering } from '../../../../app/routes'

/** What eight parts of a page get that ask for the token in parallel, and the state after that. */
export const loadRendered: ServerLoad = async ({ locals, request }) => {
  await whileRendering(request)
  const tokens = await Promise.all(Array.from({ length: COMPONENTS }, () => tokenOrCode(locals.session)))
  return { tokens, after: locals.session.snapshot() }
}
