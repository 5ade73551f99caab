import { defineConfig } from 'tsdown'
import { library } from '../../tsdown.shared.ts'

export default defineConfig({
  ...library,
  tsconfig: 'tsconfig.build.json',
  // The app of the user provides the sessions.
  external: ['node:url', '#tokenkeep/sessions'],
  entry: {
    index: 'src/index.ts',
    browser: 'src/browser/index.ts',
    next: 'src/frameworks/next.ts',
    angular: 'src/frameworks/angular.ts',
    postgres: 'src/stores/postgres.ts',
    redis: 'src/stores/redis.ts',
    // Nuxt bundles the files beside the module into its app.
    ...Object.fromEntries(
      ['module', 'middleware', 'finish', 'plugin'].map((name) => [
        `nuxt/${name}`,
        `src/frameworks/nuxt/${name}.ts`,
      ]),
    ),
  },
})
