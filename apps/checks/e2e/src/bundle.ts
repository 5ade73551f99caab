import * as vite from 'vite'

const bundles = new Map<string, Promise<string>>()

/** Bundles code and the built packages that it imports into one script. The tests of a worker share the same code's script. */
export function bundle(code: string): Promise<string> {
  const known = bundles.get(code) ?? bundleFiles(code).then((files) => files.get(ENTRY)!)
  bundles.set(code, known)
  return known
}

/** The path of the first file of an app. */
const ENTRY = '/app.js'

/** Bundles code and the built packages that it imports. Resolves to the scripts by their paths: `ENTRY`, and what it loads on demand. */
export async function bundleFiles(code: string): Promise<Map<string, string>> {
  const built = await vite.build({
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'app',
        resolveId: (id) => (id === 'app' ? '\0app' : undefined),
        load: (id) => (id === '\0app' ? code : undefined),
      },
    ],
    build: {
      write: false,
      modulePreload: false,
      rollupOptions: { input: 'app', output: { entryFileNames: 'app.js', chunkFileNames: '[name].js' } },
    },
  })
  const { output } = built as { output: { type: string; fileName: string; code: string }[] }
  return new Map(
    output.filter(({ type }) => type === 'chunk').map(({ fileName, code }) => [`/${fileName}`, code]),
  )
}
