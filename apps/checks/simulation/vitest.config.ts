import { defineConfig, mergeConfig } from 'vitest/config'
import { applyMutant } from '../../../packages/core/test/apply-mutant.ts'
import { mutants } from '../../../packages/core/test/mutants.ts'
import { shared } from '../../../vitest.shared.ts'

export default mergeConfig(
  shared,
  defineConfig({ plugins: [applyMutant('core', mutants)], test: { name: 'simulation' } }),
)
