import type { ServerLoad } from '@sveltejs/kit'
import { loadRendered } from '../../../lib/server/rendered'

/** Asks a route of its own app, whose hook opens the session once more. */
export const load: ServerLoad = async (event) => {
  await event.fetch('/orders')
  return loadRendered(event)
}
