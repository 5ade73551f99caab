import type { NextConfig } from 'next'

export default {
  // Types are `pnpm typecheck`'s.
  typescript: { ignoreBuildErrors: true },
} satisfies NextConfig
