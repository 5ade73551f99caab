import type { ViteUserConfig } from 'vitest/config'

/** Every package is tested against the sources of the others: no build needed. */
export const shared: ViteUserConfig = {
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  ssr: { resolve: { conditions: ['source', 'module', 'node', 'development|production'] } },
}
