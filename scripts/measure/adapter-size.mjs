// Measures each adapter: the bytes that it adds to an app with the core (bundled, minified, brotli), and its lines of
// code that are in the app (without types, comments, imports, exports and closing brackets). Fails if one is over its limit.
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { bundle as bundleApp } from '../lib/bundle.mjs'
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
    lines: 121,
  },
  // These include the core's code for the warning, because no other function uses it.
  {
    name: 'react',
    part: 'only the session warning',
    uses: 'useSessionWarning, useEndsIn',
    bytes: 950,
    lines: 20,
  },
  {
    name: 'vue',
    part: 'only the session warning',
    uses: 'useSessionWarning, useEndsIn',
    bytes: 1_175,
    lines: 40,
  },
  {
    name: 'angular',
    part: 'only the session warning',
    uses: 'injectSessionWarning, injectEndsIn',
    bytes: 1_175,
    lines: 40,
  },
]
const frameworks = /^(react|vue|rxjs|@angular\/\w+)(\/|$)/
const dist = (name) => join(root, 'packages', name, 'dist')

/** Bundles an app without the framework. Returns the size of its script in bytes, and what is in it of each module. */
const bundle = async (entry) => {
  const alias = { '@tokenkeep/core': join(dist('core'), 'index.js') }
  const [{ code, modules }] = await bundleApp(entry, { external: frameworks, alias })
  return {
    bytes: brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length,
    modules,
  }
}

const linesOf = (modules, folder) =>
  Object.keys(modules)
    .filter((file) => file.startsWith(folder))
    .flatMap((file) =>
      (modules[file].code ?? '')
        .replaceAll(/\/\*.*?\*\//gs, '')
        .replaceAll(/^(import|export) [^;]*;$/gm, '')
        .split('\n'),
    )
    .filter((line) => !/^\s*(\/\/.*|[)}\],;]*)$/.test(line)).length

const core = `import { createAuthFetch, createTokenManager, sessionServer } from '@tokenkeep/core'
  globalThis.auth = createTokenManager({ transport: sessionServer({ url: location.origin, appId: 'a' }) })
  globalThis.authFetch = createAuthFetch(globalThis.auth)`
const coreBytes = (await bundle(core)).bytes
for (const { name, part = 'complete', uses, bytes, lines } of adapters) {
  const whole = await bundle(`${core}
    import { ${uses} } from '${join(dist(name), 'index.js')}'
    globalThis.adapter = { ${uses} }`)
  const added = whole.bytes - coreBytes
  const counted = linesOf(whole.modules, dist(name))
  console.log(
    `@tokenkeep/${name}, ${part}: ${added} bytes brotli on top of the core (limit ${bytes}), ${counted} lines (limit ${lines})`,
  )
  if (added > bytes || counted > lines) process.exitCode = 1
}
