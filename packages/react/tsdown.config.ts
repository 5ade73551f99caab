import { defineConfig } from 'tsdown'
import { library } from '../../tsdown.shared.ts'

export default defineConfig({
  ...library,
  entry: ['src/index.ts'],
  // File by file: `'use client'` belongs to the hooks alone, as a client module may not `export *`.
  unbundle: true,
  deps: { neverBundle: [/^react(\/|$)/, '@tokenkeep/core'] },
})
