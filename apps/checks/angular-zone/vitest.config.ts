import { defineConfig, mergeConfig } from 'vitest/config'
import { sameTests } from '../../../vitest.shared.ts'

export default mergeConfig(
  sameTests('angular-zone', '.', /^@angular\//, import.meta.url),
  // For apps with zone.js, the Angular CLI turns async functions into generators, because zone.js cannot follow them.
  defineConfig({ oxc: { target: 'es2016' } }),
)
