import { defineConfig } from '@playwright/test'
import suite from './playwright.config.ts'

/** `pnpm screenshots`: takes pictures of every page of the Console and of the sample, into docs/screenshots/. */
export default defineConfig({
  ...suite,
  testDir: 'screenshots',
  projects: [{ name: 'screenshots' }],
})
