import { defineConfig, mergeConfig } from 'vitest/config'
import { shared } from '../../vitest.shared.ts'

export default mergeConfig(
  shared,
  defineConfig({
    test: {
      name: 'backend',
      // This is long enough for a busy machine. It does not slow down a test that passes.
      expect: { poll: { timeout: 30_000 } },
    },
  }),
)
