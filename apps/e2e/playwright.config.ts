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

export default defineConfig<{ framework: SampleName }>({
  testDir: 'tests',
  outputDir: 'test-results',
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    launchOptions: { executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium', args },
    trace: 'retain-on-failure',
  },
  projects: [
    // One suite, every framework: `--project vue` runs it against one.
    ...(Object.keys(samples) as SampleName[]).map((name) => ({ name, use: { framework: name } })),
    { name: 'elements', testDir: 'elements' },
  ],
})
