import { defineConfig, mergeConfig } from 'vitest/config'
import { shared } from '../../vitest.shared.ts'

export default mergeConfig(
  shared,
  defineConfig({
    test: {
      name: 'server',
      globalSetup: './test/global-setup.ts',
      // Only a hanging test exceeds this, even if other programs use every core.
      testTimeout: 600_000,
      hookTimeout: 600_000,
    },
  }),
)
