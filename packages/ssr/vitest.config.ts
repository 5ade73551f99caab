import { defineConfig, mergeConfig } from 'vitest/config'
import { shared } from '../../vitest.shared.ts'
import { applyMutant } from '../core/test/apply-mutant.ts'
import { mutants } from './test/mutants.ts'

export default mergeConfig(
  shared,
  defineConfig({
    plugins: [applyMutant('ssr', mutants)],
    test: { name: 'ssr', globalSetup: './test/global-setup.ts' },
  }),
)
