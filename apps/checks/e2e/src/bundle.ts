import { build } from 'vite'

/** Bundles code and the built packages that it imports into one script. */
export async function bundle(code: string): Promise<string> {
  const built = await build({
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
