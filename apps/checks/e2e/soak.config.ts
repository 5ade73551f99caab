import { defineConfig } from '@playwright/test'

// Longer runs, in other engines and against other servers: `pnpm soak`.
export default defineConfig({
  testDir: 'soak',
  workers: 1,
  retries: 0,
  expect: { timeout: 20_000 },
  reporter: 'list',
})
