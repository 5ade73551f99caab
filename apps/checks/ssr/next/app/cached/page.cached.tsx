'use cache'

import { cacheLife } from 'next/cache.js'

// A page without a session, which shared caches keep. The proxy runs for it too.
export default async function Page() {
  cacheLife('hours')
  return <main>The same for everyone</main>
}
