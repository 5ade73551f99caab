import { defineConfig } from 'tsdown'
import { library } from '../../tsdown.shared.ts'

const shared = {
  ...library,
  entry: {
    index: 'src/index.ts',
    axios: 'src/http/axios.ts',
    'cross-tab': 'src/cross-tab.ts',
    node: 'src/platforms/session-file.ts',
    portable: 'src/platforms/portable.ts',
    'react-native': 'src/platforms/react-native.ts',
  },
  // Replaces named numbers by their values.
  inputOptions: { optimization: { inlineConst: true } },
} as const

/** Leaves out the sentences of errors, which only developers read. */
const production = {
  name: 'production',
  load: (id: string) => (id.endsWith('/src/development.ts') ? 'export const DEVELOPMENT = false' : undefined),
}

export default defineConfig([
  { ...shared, plugins: [production] },
  { ...shared, outDir: 'dist/development', dts: false },
])
