import { fileURLToPath } from 'node:url'
import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config'

/** Every package is tested against the sources of the others: no build needed. */
export const shared: ViteUserConfig = {
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  ssr: { resolve: { conditions: ['source', 'module', 'node', 'development|production'] } },
}

/** The tests of a package, over another version of its framework: the one that the configuration's folder has. */
export const sameTests = (name: string, of: string, framework: RegExp, config: string): ViteUserConfig =>
  mergeConfig(
    shared,
    defineConfig({
      root: fileURLToPath(new URL(of, config)),
      plugins: [
        {
          name: 'another-version',
          enforce: 'pre',
          resolveId(id, _importer, options) {
            if (!framework.test(id)) return undefined
            return this.resolve(id, fileURLToPath(config), { ...options, skipSelf: true })
          },
        },
      ],
      test: { name },
    }),
  )
