import { defineConfig } from '@playwright/test'

// `pnpm soak` runs these longer tests, also in other browser engines and against another server.
export default defineConfig({
  testDir: 'soak',
  workers: 1,
  retries: 0,
  timeout: 600_000,
  expect: { timeout: 60_000 },
  reporter: 'list',
})
