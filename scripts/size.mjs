// Measures what an app pays for the core: its smallest useful import, bundled, minified, brotli. Fails over the limit.
import { brotliCompressSync, constants } from 'node:zlib'
import { build } from 'vite'

const limit = 5000

const { output } = await build({
  configFile: false,
  logLevel: 'error',
  plugins: [
    {
      name: 'smallest-useful-import',
      resolveId: (id) => (id === 'entry' ? '\0entry' : undefined),
      load: (id) =>
        id === '\0entry'
          ? `import { createTokenManager, sessionServer } from '${new URL('../packages/core/dist/index.js', import.meta.url).pathname}'
               globalThis.auth = createTokenManager({ transport: sessionServer({ url: location.origin, appId: 'a' }) })`
          : undefined,
    },
  ],
  build: {
    write: false,
    target: 'es2022',
    minify: true,
    modulePreload: false,
    rollupOptions: { input: 'entry' },
  },
})
const code = output.find((chunk) => chunk.type === 'chunk').code
const bytes = brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length
console.log(`@tokenkeep/core, smallest useful import: ${bytes} bytes brotli (limit ${limit})`)
if (bytes > limit) process.exit(1)
