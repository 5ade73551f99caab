import { defineConfig } from 'tsdown'
import { library } from '../../tsdown.shared.ts'

export default defineConfig({
  ...library,
  entry: ['src/index.ts', 'src/adapter-contract.ts'],
  tsconfig: 'tsconfig.build.json',
  deps: { neverBundle: ['@tokenkeep/core', 'vitest'] },
})
