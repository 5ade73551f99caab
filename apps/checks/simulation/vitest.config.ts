import { defineConfig, mergeConfig } from 'vitest/config'
import { applyMutant } from '../../../packages/core/test/apply-mutant.ts'
import { shared } from '../../../vitest.shared.ts'

export default mergeConfig(shared, defineConfig({ plugins: [applyMutant()], test: { name: 'simulation' } }))
