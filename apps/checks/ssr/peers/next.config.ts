import type { NextConfig } from 'next'

export default {
  // `pnpm typecheck` checks the types.
  typescript: { ignoreBuildErrors: true },
} satisfies NextConfig
