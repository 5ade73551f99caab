import { defineConfig } from 'tsdown'
import { library } from '../../tsdown.shared.ts'

// One file per module. So a bundler can leave what only a sign-in needs to the part that is loaded on demand.
export default defineConfig({ ...library, entry: { index: 'src/index.ts' }, unbundle: true })
