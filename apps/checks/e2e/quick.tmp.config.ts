import base from './playwright.config.ts'
export default {
  ...base,
  timeout: 120_000,
  expect: { timeout: 15_000, toPass: { timeout: 15_000 } },
  use: { ...base.use, trace: 'off', actionTimeout: 15_000 },
  workers: 2,
  reporter: 'line',
}
