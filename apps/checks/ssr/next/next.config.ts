import type { NextConfig } from 'next'

// Two builds of one app. With Cache Components, a page says in another way what may be kept.
const cacheComponents = process.env['CACHE_COMPONENTS'] === 'true'

export default {
  cacheComponents,
  partialPrefetching: cacheComponents,
  distDir: cacheComponents ? '.next-cached' : '.next',
  pageExtensions: [cacheComponents ? 'cached.tsx' : 'plain.tsx', 'tsx', 'ts'],
  // `pnpm typecheck` checks the types.
  typescript: { ignoreBuildErrors: true },
} satisfies NextConfig
