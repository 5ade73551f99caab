import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/index.ts', 'src/adapter-contract.ts'],
  format: 'esm',
  tsconfig: 'tsconfig.build.json',
  dts: true,
  platform: 'neutral',
  target: 'es2022',
  sourcemap: true,
  deps: { neverBundle: ['@tokenkeep/core', 'vitest'] },
})
