import { defineConfig } from '@playwright/test'

// `pnpm soak`: longer runs, in other browser engines and against other servers.
export default defineConfig({
  testDir: 'soak',
  workers: 1,
  retries: 0,
  timeout: 600_000,
  expect: { timeout: 60_000 },
  reporter: 'list',
})
