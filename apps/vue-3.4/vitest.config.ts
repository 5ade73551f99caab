import { fileURLToPath } from 'node:url'
import { defineConfig, mergeConfig } from 'vitest/config'
import { shared } from '../../vitest.shared.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default mergeConfig(
  shared,
  defineConfig({
    root: here('../../packages/vue'),
    resolve: { alias: [{ find: /^(vue|vue-router)(?=\/|$)/, replacement: here('node_modules/$1') }] },
    test: { name: 'vue-3.4' },
  }),
)
