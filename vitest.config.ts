import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: ['packages/*', 'apps/**/vitest.config.ts'],
    // `pnpm coverage` chooses the projects and prints the table. Globs are relative to each project.
    coverage: {
      include: ['src/**/*.{ts,tsx}'],
      exclude: ['**/*.{test,test-d,fixture}.{ts,tsx}', '**/test-*.ts'],
      reporter: ['json-summary'],
      reportOnFailure: true,
    },
  },
})
