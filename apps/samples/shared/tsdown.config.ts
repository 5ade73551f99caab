import { defineConfig } from 'tsdown'
import { library } from '../../../tsdown.shared.ts'

export default defineConfig({
  ...library,
  entry: { index: 'src/index.ts', server: 'backend/rendered.ts' },
  deps: { neverBundle: ['@tokenkeep/core', '@tokenkeep/elements'] },
})
