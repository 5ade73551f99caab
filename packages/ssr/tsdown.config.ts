import { defineConfig } from 'tsdown'
import { library } from '../../tsdown.shared.ts'

export default defineConfig({
  ...library,
  tsconfig: 'tsconfig.build.json',
  entry: { index: 'src/index.ts', browser: 'src/browser/index.ts', next: 'src/frameworks/next.ts' },
})
