import { defineConfig } from '@playwright/test'

// Longer runs, in other engines and against other servers: `pnpm soak`.
export default defineConfig({
  testDir: 'soak',
  workers: 1,
  retries: 0,
  timeout: 600_000,
  expect: { timeout: 60_000 },
  reporter: 'list',
})
