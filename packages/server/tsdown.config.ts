import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    main: 'src/main.ts',
    // A thread starts from a file, and looks for it beside the others.
    'checkpoint-worker': 'src/store/checkpoint-worker.ts',
  },
  format: 'esm',
  dts: true,
  platform: 'node',
  fixedExtension: false,
  target: 'es2023',
  sourcemap: true,
})
