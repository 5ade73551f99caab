// Measures what sign-in with an OpenID provider adds to an app with the core (bundled, minified, brotli): before anybody
// signs in, and with all that a sign-in loads. Fails if one is over its limit.
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { bundle as bundleApp } from '../lib/bundle.mjs'
import { root } from '../lib/tool.mjs'

const dist = (name) => join(root, 'packages', name, 'dist', 'index.js')

/** Bundles an app. Returns the bytes of the scripts that it loads at once, and those of all scripts. */
const bundle = async (code) => {
  const options = { parts: { part: '' }, alias: { '@tokenkeep/core': dist('core') } }
  const chunks = new Map((await bundleApp(code, options)).map((chunk) => [chunk.fileName, chunk]))
  const atStart = new Set(
    [...chunks.values()].filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName),
  )
  for (const name of atStart) for (const imported of chunks.get(name).imports) atStart.add(imported)
  const bytesOf = (names) =>
    [...names].reduce((sum, name) => sum + brotliCompressSync(chunks.get(name).code).length, 0)
  return { atStart: bytesOf(atStart), inAll: bytesOf(chunks.keys()) }
}

/** An app that loads a part of itself on demand, as most do. Its bundler's code for that is no cost of ours. */
const app = (code) => `import { createTokenManager, oauth, sessionServer } from '@tokenkeep/core'
  globalThis.load = () => import('part')
  ${code}`
const options = "{ issuer: 'https://login.example.com', clientId: 'shop' }"
const smallest = await bundle(
  app(
    "globalThis.auth = createTokenManager({ transport: sessionServer({ url: location.origin, appId: 'a' }) })",
  ),
)
const core = await bundle(app(`globalThis.auth = createTokenManager({ transport: oauth(${options}) })`))
const whole = await bundle(
  app(`import { oidc } from '${dist('oidc')}'
  globalThis.provider = oidc(${options})
  globalThis.auth = createTokenManager({ transport: globalThis.provider.transport })
  globalThis.back = await globalThis.provider.completeSignIn(globalThis.auth)`),
)
const figures = [
  ['at start, on top of the core with oauth()', whole.atStart - core.atStart, 1_950],
  ['at start, on top of the smallest useful import of the core', whole.atStart - smallest.atStart, 3_400],
  ['loaded when a sign-in begins or ends', whole.inAll - whole.atStart, 10_000],
]
for (const [what, bytes, limit] of figures) {
  console.log(`@tokenkeep/oidc, ${what}: ${bytes} bytes brotli (limit ${limit})`)
  if (bytes > limit) process.exitCode = 1
}
