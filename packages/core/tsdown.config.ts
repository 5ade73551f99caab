import { defineConfig } from 'tsdown'
import { library } from '../../tsdown.shared.ts'

export default defineConfig({
  ...library,
  entry: ['src/index.ts', 'src/http/axios.ts', 'src/cross-tab.ts'],
  // Numbers that have a name in the source need none in the bundle.
  inputOptions: { optimization: { inlineConst: true } },
})
