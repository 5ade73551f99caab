import { defineConfig, mergeConfig } from 'vitest/config'
import { shared } from '../../../vitest.shared.ts'

// `npm test` does not run this, because it needs the built apps.
export default mergeConfig(
  shared,
  defineConfig({ test: { name: 'frameworks', include: ['src/contract/*.check.ts'] } }),
)
