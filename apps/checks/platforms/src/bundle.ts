import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'vite'

const walk = fileURLToPath(new URL('walk.ts', import.meta.url))

/**
 * Bundles a program with the built packages that it imports, as an app's bundler does. `walk` is in scope.
 * `conditions`: the export conditions of the platform, besides the common ones.
 */
export async function bundle(
  code: string,
  conditions: readonly string[],
  { format = 'es', plugins = [] }: { format?: 'es' | 'iife'; plugins?: Plugin[] } = {},
): Promise<string> {
  const program = `import { walk } from ${JSON.stringify(walk)}\n${code}`
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    mode: 'production',
    resolve: { conditions: [...conditions, 'module', 'import'] },
    plugins: [
      ...plugins,
      {
        name: 'program',
        resolveId: (id) => (id === 'program' ? '\0program' : undefined),
        load: (id) => (id === '\0program' ? program : undefined),
      },
    ],
    build: {
      write: false,
      minify: false,
      modulePreload: false,
      target: 'es2022',
      rollupOptions: {
        input: 'program',
        external: /^node:/,
        preserveEntrySignatures: 'strict',
        output: { format, codeSplitting: false },
      },
    },
  })) as unknown as { output: [{ code: string }] }
  return built.output[0].code
}
