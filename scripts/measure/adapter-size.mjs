// Measures each adapter: the bytes that it adds to an app with the core (bundled, minified, brotli), and its lines of
// code (as built: without types, comments, imports, exports and closing brackets). Fails if one is over its limit.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { build } from 'vite'
import { root } from '../lib/tool.mjs'

const adapters = [
  {
    name: 'react',
    uses: 'AuthTokenProvider, useAuthToken, useSuspenseAuthToken, RequireAuth',
    bytes: 700,
    lines: 80,
  },
  { name: 'vue', uses: 'createAuthToken, useAuthToken, authTokenGuard', bytes: 700, lines: 60 },
  { name: 'angular', uses: 'provideAuthToken, injectAuthToken, authTokenGuard', bytes: 1_000, lines: 120 },
  {
    name: 'angular',
    // React and Vue have no HTTP client of their own to bind.
    part: 'with HttpClient',
    uses: 'provideAuthToken, injectAuthToken, authTokenInterceptor, AuthTokenInterceptor, authTokenGuard',
    bytes: 1_350,
    lines: 120,
  },
]
const frameworks = /^(react|vue|rxjs|@angular\/\w+)(\/|$)/
const dist = (name) => join(root, 'packages', name, 'dist')

/** Returns the size of an app's script in bytes, without the framework. */
const bytesOf = async (entry) => {
  const { output } = await build({
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === 'entry' ? '\0entry' : undefined),
        load: (id) => (id === '\0entry' ? entry : undefined),
      },
    ],
    resolve: { alias: { '@tokenkeep/core': join(dist('core'), 'index.js') } },
    build: {
      write: false,
      target: 'es2022',
      minify: true,
      modulePreload: false,
      rolldownOptions: { input: 'entry', external: frameworks },
    },
  })
  const { code } = output.find((chunk) => chunk.type === 'chunk')
  return brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length
}

const linesOf = (name) =>
  readdirSync(dist(name))
    .filter((file) => file.endsWith('.js'))
    .flatMap((file) =>
      readFileSync(join(dist(name), file), 'utf8')
        .replaceAll(/\/\*.*?\*\//gs, '')
        .replaceAll(/^(import|export) [^;]*;$/gm, '')
        .split('\n'),
    )
    .filter((line) => !/^\s*(\/\/.*|[)}\],;]*)$/.test(line)).length

const core = `import { createAuthFetch, createTokenManager, sessionServer } from '@tokenkeep/core'
  globalThis.auth = createTokenManager({ transport: sessionServer({ url: location.origin, appId: 'a' }) })
  globalThis.authFetch = createAuthFetch(globalThis.auth)`
const coreBytes = await bytesOf(core)
for (const { name, part = 'complete', uses, bytes, lines } of adapters) {
  const whole = await bytesOf(`${core}
    import { ${uses} } from '${join(dist(name), 'index.js')}'
    globalThis.adapter = { ${uses} }`)
  const added = whole - coreBytes
  const counted = linesOf(name)
  console.log(
    `@tokenkeep/${name}, ${part}: ${added} bytes brotli on top of the core (limit ${bytes}), ${counted} lines (limit ${lines})`,
  )
  if (added > bytes || counted > lines) process.exitCode = 1
}
