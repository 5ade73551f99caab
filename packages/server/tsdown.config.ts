import { defineConfig } from 'tsdown'

export default defineConfig({
  // Without the tests: they import files of other folders, whose declarations would be written beside them.
  tsconfig: 'tsconfig.build.json',
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
