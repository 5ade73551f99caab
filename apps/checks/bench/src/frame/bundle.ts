import { build, type Rolldown } from 'vite'
import { app } from './places.ts'

/**
 * Returns the files of a production build of `code`, whose imports are resolved from this app. Everything that is measured
 * is bundled this way. The packages in `external` are left out, because an app has them anyway.
 */
export async function bundle(code: string, external: RegExp[] = []): Promise<Map<string, string>> {
  const built = await build({
    configFile: false,
    root: app,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === 'entry' ? `${app}/src/entry.ts` : undefined),
        load: (id) => (id === `${app}/src/entry.ts` ? code : undefined),
      },
    ],
    build: {
      write: false,
      target: 'es2022',
      minify: true,
      modulePreload: false,
      rollupOptions: { input: 'entry', external, output: { entryFileNames: 'entry.js' } },
    },
  })
  const { output } = built as Rolldown.RolldownOutput
  return new Map(
    output.map((file) => [file.fileName, file.type === 'chunk' ? file.code : String(file.source)]),
  )
}
