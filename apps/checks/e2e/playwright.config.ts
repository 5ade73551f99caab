import { defineConfig } from '@playwright/test'
import { samples, type SampleName } from './src/samples.ts'

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

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
  use: {
    launchOptions: {
      executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
      args,
      // As in people's browsers, Back restores a page from memory.
      ignoreDefaultArgs: ['--disable-back-forward-cache'],
    },
    trace: 'retain-on-failure',
  },
  projects: [
    // The same tests run for every framework. `--project vue` runs them only for Vue.
    ...(Object.keys(samples) as SampleName[]).map((name) => ({
      name,
      testDir: 'tests/samples',
      use: { framework: name },
      // Long tests (@once) run only for React. For the other frameworks, some of them have a shorter form (@brief).
      grepInvert: name === 'react' ? /@brief/ : /@once/,
    })),
    { name: 'browser', testIgnore: 'samples/**' },
    { name: 'elements', testDir: 'elements' },
    { name: 'rendered', testDir: 'rendered' },
    { name: 'console', testDir: 'console' },
  ],
})
