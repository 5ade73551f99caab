import { defineConfig } from '@playwright/test'
import { headlessShell, launchOptions } from './src/browsers.ts'
import { samples, type SampleName } from './src/samples.ts'

/** `npm test` sets E2E=brief: it runs one example of each kind. Tests with the tag `@full` are further examples, or long. */
const isBrief = process.env['E2E'] === 'brief'
const furtherExamples = isBrief ? [/@full/] : []

export default defineConfig<object, { framework: SampleName }>({
  testDir: 'tests',
  outputDir: 'test-results',
  workers: 3,
  retries: 0,
  forbidOnly: true,
  // Milliseconds. Limits must catch only hangs: on a busy machine, a test takes many times as long.
  timeout: 600_000,
  expect: { timeout: 60_000, toPass: { timeout: 60_000 } },
  reporter: 'list',
  grepInvert: furtherExamples,
  use: {
    launchOptions: launchOptions(headlessShell),
    // A trace costs a fifth of the time, and `npm test` keeps none.
    trace: isBrief ? 'off' : 'retain-on-failure',
  },
  projects: [
    // First, because it has the longest test.
    { name: 'console', testDir: 'console' },
    // The same tests run for every framework. `--project vue` runs them only for Vue.
    ...(Object.keys(samples) as SampleName[]).map((name) => ({
      name,
      testDir: 'tests/samples',
      use: { framework: name },
      // What does not depend on the framework (@once) runs only for React.
      grepInvert: name === 'react' ? furtherExamples : [/@once/, ...furtherExamples],
      // For the other frameworks, a brief run tests the adapter in two tabs and the router's guard.
      testMatch: isBrief && name !== 'react' ? /(two-tabs|guard)\.spec\.ts$/ : /\.spec\.ts$/,
    })),
    { name: 'browser', testIgnore: 'samples/**' },
    { name: 'elements', testDir: 'elements' },
    // Passage's own clients, unmodified. `pnpm passage-clients` runs all of them.
    { name: 'passage', testDir: 'passage' },
    { name: 'rendered', testDir: 'rendered' },
  ],
})
