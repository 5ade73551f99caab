import { defineConfig } from 'tsdown'
import { library } from '../../tsdown.shared.ts'

export default defineConfig({
  ...library,
  entry: ['src/index.ts'],
  // One output file per source file: the hooks need `'use client'`, and a client module may not `export *`.
  unbundle: true,
  deps: { neverBundle: [/^react(\/|$)/, '@tokenkeep/core'] },
})
