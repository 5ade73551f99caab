// Measures the bytes of the core's smallest useful import: bundled, minified, brotli. Fails if it is over the limit, or if
// the bundle contains something that the app did not import.
import { brotliCompressSync } from 'node:zlib'
import { bundle as bundleApp } from '../lib/bundle.mjs'

const limit = 4096
const core = new URL('../../packages/core/dist/', import.meta.url).pathname

const bundle = async (code) =>
  (await bundleApp(code, { external: 'axios' })).find(({ isEntry }) => isEntry).code
const bytes = (code) => brotliCompressSync(code).length

const smallest = `import { createTokenManager, sessionServer } from '${core}index.js'
  globalThis.auth = createTokenManager({ transport: sessionServer({ url: location.origin, appId: 'a' }) })`
const alone = await bundle(smallest)
console.log(`@tokenkeep/core, smallest useful import: ${bytes(alone)} bytes brotli (limit ${limit})`)
let failed = bytes(alone) > limit

/** The other exports: their file, and a word that only their code contains. */
const extras = {
  authorizeAxios: ['axios.js', 'interceptors'],
  createAuthFetch: ['index.js', 'Bearer'],
  createStepUp: ['index.js', 'insufficient_user_authentication'],
  oauth: ['index.js', 'grant_type'],
  functionTransport: ['index.js', 'expiresIn'],
  cookieBackend: ['index.js', 'restore'],
  refreshAhead: ['index.js', 'background'],
  sessionWarning: ['index.js', 'canStay'],
  endsIn: ['index.js', 'canStay'],
  staySignedIn: ['index.js', 'canStay'],
  withCookie: ['index.js', 'tokenkeep-session'],
  withProof: ['index.js', 'dpop+jwt'],
  sendProof: ['index.js', 'dpop+jwt'],
  localStorageStore: ['index.js', 'setItem'],
  customStore: ['index.js', 'tokenkeep-storage'],
  withPassageTokens: ['index.js', 'psg_'],
}
for (const [name, [file, word]] of Object.entries(extras)) {
  const more = await bundle(
    `${smallest}\nimport { ${name} } from '${core}${file}'\nglobalThis.more = ${name}`,
  )
  if (!more.includes(word))
    throw new Error(`the code of ${name} does not contain ${word}: choose another word`)
  const isInSmallest = alone.includes(word)
  failed ||= isInSmallest
  console.log(
    `  ${name}: ${bytes(more) - bytes(alone)} more${isInSmallest ? ', and it is in the smallest bundle too' : ''}`,
  )
}

const passage = new URL('../../packages/passage/dist/index.js', import.meta.url).pathname
const dropIn = bytes(
  await bundle(`import { PassageUser } from '${passage}'\nglobalThis.PassageUser = PassageUser`),
)
// The core's limit, and what the drop-in adds to it.
const dropInLimit = limit + 3500
console.log(`@tokenkeep/passage with the core, PassageUser: ${dropIn} bytes brotli (limit ${dropInLimit})`)
failed ||= dropIn > dropInLimit
if (failed) process.exitCode = 1
