import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/index.ts'],
  format: 'esm',
  dts: true,
  platform: 'neutral',
  target: 'es2022',
  sourcemap: true,
  // File by file: `'use client'` belongs to the hooks alone, as a client module may not `export *`.
  unbundle: true,
  deps: { neverBundle: [/^react(\/|$)/, '@tokenkeep/core'] },
})
