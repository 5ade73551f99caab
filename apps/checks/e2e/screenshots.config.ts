import { defineConfig } from '@playwright/test'
import suite from './playwright.config.ts'

/** `pnpm --filter @tokenkeep/e2e screenshots`: takes pictures of every page of the Console and of the sample, into docs/screenshots/. */
export default defineConfig({
  ...suite,
  testDir: 'screenshots',
  projects: [{ name: 'screenshots' }],
})
