import { defineConfig, mergeConfig } from 'vitest/config'
import { shared } from '../../vitest.shared.ts'

export default mergeConfig(
  shared,
  defineConfig({
    test: {
      name: 'backend',
      // Long enough for a busy machine. A condition that holds is noticed at once.
      expect: { poll: { timeout: 30_000 } },
    },
  }),
)
