import type { NextConfig } from 'next'

export default {
  // The React sample is in TypeScript.
  transpilePackages: ['@tokenkeep/react-sample'],
  // `pnpm typecheck` checks the types.
  typescript: { ignoreBuildErrors: true },
} satisfies NextConfig
