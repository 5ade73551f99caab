import type { ServerLoad } from '@sveltejs/kit'

/** The pages below show who is signed in, so no shared cache may keep them. */
export const load: ServerLoad = ({ locals, setHeaders }) => {
  setHeaders({ 'cache-control': 'private, no-cache', vary: 'Cookie' })
  return { snapshot: locals.session.snapshot() }
}
