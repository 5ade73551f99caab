import { defineConfig, mergeConfig } from 'vitest/config'
import { shared } from '../../vitest.shared.ts'
import { applyMutant } from './test/apply-mutant.ts'

export default mergeConfig(shared, defineConfig({ plugins: [applyMutant()], test: { name: 'core' } }))
