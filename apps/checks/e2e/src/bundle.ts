import * as vite from 'vite'

const bundles = new Map<string, Promise<string>>()

/** Bundles code and the built packages that it imports into one script. The tests of a worker share the same code's script. */
export function bundle(code: string): Promise<string> {
  const known = bundles.get(code) ?? build(code)
  bundles.set(code, known)
  return known
}

async function build(code: string): Promise<string> {
  const built = await vite.build({
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'tab',
        resolveId: (id) => (id === 'tab' ? '\0tab' : undefined),
        load: (id) => (id === '\0tab' ? code : undefined),
      },
    ],
    build: { write: false, modulePreload: false, rollupOptions: { input: 'tab' } },
  })
  const { output } = built as { output: { type: string; code: string }[] }
  return output.find(({ type }) => type === 'chunk')!.code
}
