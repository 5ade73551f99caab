import { fileURLToPath } from 'node:url'
import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config'

/** Tests use the sources of every package, so they need no build. */
export const shared: ViteUserConfig = {
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  ssr: { resolve: { conditions: ['source', 'module', 'node', 'development|production'] } },
  test: {
    setupFiles: [fileURLToPath(new URL('vitest.setup.ts', import.meta.url))],
    // By default, Vitest leaves one core free: a machine with two would run one file at a time.
    maxWorkers: '100%',
    // Milliseconds. A limit must catch only hangs: on a busy machine, a test takes many times as long.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 60_000 } },
  },
}

/** Runs the tests of a package with another version of its framework: the one that is installed in the folder of `config`. */
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
