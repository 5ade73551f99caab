import { defineConfig, mergeConfig } from 'vitest/config'
import { shared } from '../../vitest.shared.ts'
import { applyMutant } from './test/apply-mutant.ts'
import { mutants } from './test/mutants.ts'

export default mergeConfig(
  shared,
  defineConfig({ plugins: [applyMutant('core', mutants)], test: { name: 'core' } }),
)
