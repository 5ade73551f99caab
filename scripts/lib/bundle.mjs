import { build } from 'vite'

/**
 * Bundles an app as its users do: production, ES2022, minified. Returns its chunks.
 * - `code`: the app
 * - `parts`: other modules that exist only as text, by their names
 * - `external`: what the app has anyway
 * - `alias`: the files of packages that are imported by name
 */
export const bundle = async (code, { parts = {}, external, alias = {} } = {}) => {
  const modules = { entry: code, ...parts }
  const { output } = await build({
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'modules',
        resolveId: (id) => (id in modules ? `\0${id}` : undefined),
        load: (id) => (id.startsWith('\0') ? modules[id.slice(1)] : undefined),
      },
    ],
    resolve: { alias },
    build: {
      write: false,
      target: 'es2022',
      minify: true,
      modulePreload: false,
      rolldownOptions: { input: 'entry', ...(external && { external }) },
    },
  })
  return output.filter(({ type }) => type === 'chunk')
}
