import type { ServerLoad } from '@sveltejs/kit'

// A page without a session, which shared caches keep. The hook runs for it too.
export const load: ServerLoad = ({ setHeaders }) => setHeaders({ 'cache-control': 's-maxage=60' })
